"""The tests, which mirror src/loadtui."""
