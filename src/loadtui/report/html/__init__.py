"""Reports as one HTML page that opens offline."""
