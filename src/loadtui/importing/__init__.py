"""Results of other programs, read and saved as runs that are `imported`."""
