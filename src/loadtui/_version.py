"""The version, alone in its file so that `loadtui --version` and the build read nothing else."""

__version__ = "0.1.0"
