"""vegeta: its results as JSON lines and CSV, and its report as JSON."""
