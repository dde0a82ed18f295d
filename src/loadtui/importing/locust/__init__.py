"""Locust: its CSV files and its JSON."""
