"""The terminal itself: how Textual draws on it, its colours, how the program leaves it."""
