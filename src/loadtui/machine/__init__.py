"""What the system knows of this machine: control groups, processes, limits."""
