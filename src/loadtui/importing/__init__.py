"""Results of other programs, read and kept as runs that are `imported`."""
