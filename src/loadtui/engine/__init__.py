"""The load engine: host and workers, each started as a process of its own, imported by nobody."""
