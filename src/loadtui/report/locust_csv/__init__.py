"""Runs as Locust writes them: its CSV files, its JSON, and the tables that it prints."""
