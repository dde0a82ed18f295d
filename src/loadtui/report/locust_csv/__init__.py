"""Runs as the CSV files that Locust writes."""
