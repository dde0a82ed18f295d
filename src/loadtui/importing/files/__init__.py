"""Files of other programs, whatever their format: text, JSON, CSV, numbers."""
