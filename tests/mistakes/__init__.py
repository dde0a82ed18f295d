"""What people do wrong, and that each of these mistakes is answered with a way out."""
