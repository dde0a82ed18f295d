"""The run host, a process a run: directs the workers, folds their samples, judges the run."""
