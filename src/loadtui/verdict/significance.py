"""From the estimates of two sets of runs to a word for every metric."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from loadtui.samples.estimate import NO_ENDPOINT, TOTAL, Estimates
from loadtui.store.comparison import ComparisonRow
from loadtui.verdict.false_discovery import significance_cut
from loadtui.verdict.metric_comparison import MetricComparison
from loadtui.verdict.metric_limits import ComparisonRules

MAX_GATED_ENDPOINTS = 50
"""The busiest endpoints are tested; with thousands of tests a true +60 % would drown."""
_LOAD_METRICS = ("rps", "error_rate")


def compare_metrics(
    base_runs: Sequence[Estimates], runs: Sequence[Estimates], rules: ComparisonRules
) -> list[ComparisonRow]:
    """A row for every stage, endpoint and metric that either side has, in order of key.

    All metrics that can be tested are one family: which changes are significant is decided over
    all of them together.
    """
    gated = gated_endpoints([*base_runs, *runs], rules.named)
    keys = sorted(set().union(*base_runs, *runs))
    cases = [MetricComparison(key, base_runs, runs, rules, key.endpoint in gated) for key in keys]
    cut = significance_cut([case.p for case in cases if case.settled is None])
    rows = [case.settled or case.judged(case.p <= cut) for case in cases]
    return _doubted(rows, cases)


def gated_endpoints(runs: Sequence[Estimates], named: frozenset[str]) -> set[str]:
    """Endpoints whose metrics are tested: those with the most requests over all runs (ties by
    name), those that are named, and no endpoint at all.  The total is shown, not tested."""
    requests: Counter[str] = Counter()
    for run in runs:
        for key, estimate in run.items():
            if key.metric == "rps":
                requests[key.endpoint] += estimate.count
    del requests[TOTAL]
    busiest = sorted(requests, key=lambda endpoint: (-requests[endpoint], endpoint))
    return {*busiest[:MAX_GATED_ENDPOINTS], *named, NO_ENDPOINT} - {TOTAL}


def _doubted(rows: list[ComparisonRow], cases: Sequence[MetricComparison]) -> list[ComparisonRow]:
    """Fewer or failing requests make the rest quicker: where rps or errors regressed, a better
    latency is not an improvement."""
    regressed_by = {
        (row.stage, row.endpoint): row.metric
        for row in rows
        if row.word == "regressed" and row.metric in _LOAD_METRICS
    }
    return [
        case.doubted(f"quicker, but {regressed_by[row.stage, row.endpoint]} regressed")
        if row.word == "improved" and case.is_latency and (row.stage, row.endpoint) in regressed_by
        else row
        for row, case in zip(rows, cases, strict=True)
    ]
