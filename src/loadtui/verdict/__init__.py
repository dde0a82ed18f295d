"""Judging: estimates, intervals, significance, thresholds, validity, promotion.

A run is judged in this order:

1. `run_judgement.judge_run`, when its files are written: `validity.validity` says by rules whether
   it can be trusted, `thresholds.threshold_results` whether it kept what its plan promises, and
   `exit_codes.run_outcome` what follows.  The host calls it; `sides.judged_manifest` does it
   later for a run whose host did not live to.
2. `against_baseline.compare_with_baseline`, for a valid run that has a baseline: `sides` reads both
   sides (`estimates` of every metric with its standard error), `comparability` says what must not
   be compared, and `compare_sides` brings the verdict together.
3. Inside it `significance.compare_metrics` makes a row for every metric: `metric_comparison` has
   both sides of one, `interval` their change, `false_discovery` what is significant among all of
   them, and `metric_limits` and `tolerances` how far each may move.

While a run is running the host asks for 1 alone, once a second, without the exit code.
"""
