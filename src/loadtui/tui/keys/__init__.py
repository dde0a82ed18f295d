"""What can be done by key: the registry of actions, remapping, the command palette."""
