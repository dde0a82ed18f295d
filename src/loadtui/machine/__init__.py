"""What the system tells of this machine: control groups, processes, limits."""
