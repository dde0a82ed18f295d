"""Judging: estimates, intervals, significance, thresholds, validity, promotion."""
