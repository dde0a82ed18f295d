"""A worker: the process that runs the user classes and records their requests."""
