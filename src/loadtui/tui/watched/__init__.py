"""The run that is watched: its snapshots, chart points, log and baseline."""
