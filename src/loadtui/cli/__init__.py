"""The commands: each parses, calls and prints, and lives in a module of its own."""
