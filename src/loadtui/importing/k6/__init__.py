"""k6: its summary, and its points as JSON lines and CSV."""
