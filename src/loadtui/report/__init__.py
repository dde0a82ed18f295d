"""What is said of a run: the account as data, and one folder or file for each format."""
