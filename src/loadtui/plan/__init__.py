"""What to run: the plan with its target, stages, thresholds and tolerances, read and checked."""
