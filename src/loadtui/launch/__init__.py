"""Starting run hosts on this machine, and finding those that run."""
