"""Damaged files for every reader: whatever is in one, reading it ends in runs or a UsageError."""
