"""A regression as an issue on GitHub: what it says, and opening, updating and closing it."""
