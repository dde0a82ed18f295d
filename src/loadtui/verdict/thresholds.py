"""Thresholds: absolute promises, judged live once a second and again at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from loadtui.percentile_names import percentile_share
from loadtui.plan.model import Plan, Threshold
from loadtui.plan.name_pattern import fits_pattern
from loadtui.plan.threshold_check import COUNTER_RATE, ThresholdCheck, is_latency, parse_check
from loadtui.samples.source_figures import SourceTallies
from loadtui.samples.tallies import MetricKind, MetricTally, Tallies
from loadtui.samples.tally import Tally
from loadtui.store.manifest import Endpoint, StageSpan, ThresholdResult
from loadtui.verdict.run_summary import metric_values

DEFAULT_CHECK = "error_rate < 1%"
NEVER_ONLY_FAILS = "no endpoint fails always"
"""A promise of every plan without thresholds: none with this many requests or more failed each."""
ALWAYS_FAILS_FROM = 5
SOMETHING_FINISHES = "requests finish"

_MS_PER = {"us": 0.001, "µs": 0.001, "ms": 1.0, "s": 1000.0}
"""How many milliseconds a Trend's unit has, for checks written with a time."""


def threshold_results(
    plan: Plan,
    stages: Sequence[StageSpan],
    endpoints: Sequence[Endpoint],
    tallies: Tallies,
    *,
    final: bool,
    unfinished: int = 0,
    cut_short: bool = False,
) -> list[ThresholdResult]:
    """Judge every threshold of the plan on each stage and endpoint it names.

    `stages` are those begun so far, the running one ending at the current second.  While a run
    is running (`final` False) only what can already be judged is given; at the end a threshold that
    found nothing to judge is `missing`, which fails a run as well.  A plan without thresholds is
    judged by the defaults: fewer than 1 % errors in total, and no endpoint that always fails.
    `unfinished` requests and none finished is a failure in any case.  In a run that was `cut_short`
    what was promised of a stage that it never reached is missing.
    """
    results_of = _StageResults(stages, endpoints, tallies, final)
    unreached = [stage.name for stage in plan.stages[len(stages) :]] if cut_short else []
    results = []
    for threshold in plan.thresholds:
        results += results_of.threshold(threshold, unreached)
    if not plan.thresholds or plan.defaults_too:
        results += results_of.defaults()
    if not final:
        return [result for result in results if result.status != "missing"]
    if unfinished and not any(tally.requests for tally in tallies.whole.values()):
        results.append(_nothing_finished(unfinished))
    return results


def certain_failure(
    plan: Plan,
    stages: Sequence[StageSpan],
    endpoints: Sequence[Endpoint],
    tallies: Tallies,
) -> ThresholdResult | None:
    """The first result that a threshold with `abort` can no longer pass, while the run is running.

    Certain are failures of a stage that is over, upper limits on a maximum or a Counter, which
    never fall again, and lower ones on a minimum; a percentile or rate of the running stage may
    still recover.
    """
    results_of = _StageResults(stages, endpoints, tallies, final=False)
    for threshold in plan.thresholds:
        if threshold.abort:
            check = parse_check(threshold.check)
            for stage in results_of.stages_of(threshold):
                if stage < len(stages) - 1 or results_of.only_gets_worse(check):
                    for result in results_of.in_stage(threshold, check, stage):
                        if result.status == "fail":
                            return result
    return None


class _StageResults:
    """Judges single thresholds on one state of the tallies, merging each stretch only once."""

    def __init__(
        self,
        stages: Sequence[StageSpan],
        endpoints: Sequence[Endpoint],
        tallies: Tallies,
        final: bool,
    ) -> None:
        self.stages = stages
        self.endpoints = endpoints
        self.tallies = tallies
        self.final = final
        self._merged: dict[tuple[int, int | None, bool], Tally] = {}

    def threshold(
        self, threshold: Threshold, unreached: Sequence[str] = ()
    ) -> list[ThresholdResult]:
        check = parse_check(threshold.check)
        named = self.stages_of(threshold)
        missing = [
            _missing(check, name, threshold.endpoint, f"stage {name} was never reached")
            for name in unreached
            if threshold.stage is None or fits_pattern(name, threshold.stage)
        ]
        if not named and not missing:
            which = "no stage" if threshold.stage is None else f"no stage {threshold.stage!r}"
            return [_missing(check, threshold.stage, threshold.endpoint, f"{which} was run")]
        judged = [result for index in named for result in self.in_stage(threshold, check, index)]
        return [*judged, *missing]

    def stages_of(self, threshold: Threshold) -> list[int]:
        return [
            index
            for index, span in enumerate(self.stages)
            if threshold.stage is None or fits_pattern(span.name, threshold.stage)
        ]

    def in_stage(
        self, threshold: Threshold, check: ThresholdCheck, stage: int
    ) -> list[ThresholdResult]:
        """One result for each endpoint the threshold names, or one for the total."""
        if check.metric is not None:
            return self._custom(threshold, check, check.metric, stage)
        name = self.stages[stage].name
        if threshold.endpoint is None:
            return [self._builtin(check, stage, None)]
        numbers = [
            number
            for its_stage, number in sorted(self.tallies.whole)
            if its_stage == stage and fits_pattern(self.endpoints[number].label, threshold.endpoint)
        ]
        if not numbers:
            reason = f"no request to {threshold.endpoint!r} finished in stage {name!r}"
            return [_missing(check, name, threshold.endpoint, reason)]
        return [self._builtin(check, stage, number) for number in numbers]

    def only_gets_worse(self, check: ThresholdCheck) -> bool:
        """Whether the check, once failed, stays failed however the stage ends."""
        if check.stat == "min":
            return check.op in (">", ">=")
        if check.op not in ("<", "<=") and not (check.op == "==" and check.value == 0):
            return False
        if check.stat == "max":
            return True
        return check.stat == "value" and self._kind(check.metric or "") == "counter"

    def defaults(self) -> list[ThresholdResult]:
        """What every run must meet when its plan has no threshold."""
        if isinstance(self.tallies, SourceTallies):
            return self._given_defaults(self.tallies)
        requests: dict[int, int] = {}
        failures: dict[int, int] = {}
        for (_, number), tally in self.tallies.whole.items():
            requests[number] = requests.get(number, 0) + tally.requests
            failures[number] = failures.get(number, 0) + tally.failures
        total, failed = sum(requests.values()), sum(failures.values())
        check = parse_check(DEFAULT_CHECK)
        if not total:
            return [_missing(check, None, None, "no request finished", default=True)]
        share = failed / total
        results = [
            ThresholdResult(
                check.text, None, None, share, _status(check.holds(share)), default=True
            )
        ]
        results += [
            ThresholdResult(
                NEVER_ONLY_FAILS,
                None,
                self.endpoints[number].label,
                1.0,
                "fail",
                default=True,
                reason=f"all {count} requests failed",
            )
            for number, count in sorted(requests.items())
            if count >= ALWAYS_FAILS_FROM and failures[number] == count
        ]
        if len(results) == 1:
            results.append(
                ThresholdResult(NEVER_ONLY_FAILS, None, None, None, "pass", default=True)
            )
        return results

    def _given_defaults(self, tallies: SourceTallies) -> list[ThresholdResult]:
        """The same of given figures: on each endpoint where the file does not give them for all."""
        check = parse_check(DEFAULT_CHECK)
        shares = {
            number: (tally.error_rate(), tally.requests)
            for (_, number), tally in sorted(tallies.whole.items())
        }
        of_total = tallies.total.error_rate()
        by_label = {self.endpoints[number].label: share for number, (share, _) in shares.items()}
        unknown = [label for label, share in by_label.items() if share is None]
        judged = [(label, share) for label, share in by_label.items() if share is not None]
        missing = []
        if of_total is None and unknown:
            why = _failures_unknown(unknown, len(by_label))
            missing.append(_missing(check, None, None, why, default=True))
            if not judged:
                return missing
        places = judged if of_total is None else [(None, of_total)]
        results = missing + [
            ThresholdResult(
                check.text, None, place, share, _status(check.holds(share)), default=True
            )
            for place, share in places
        ]
        always = [
            ThresholdResult(
                NEVER_ONLY_FAILS,
                None,
                self.endpoints[number].label,
                1.0,
                "fail",
                default=True,
                reason=f"all {count} requests failed" if count else "all requests failed",
            )
            for number, (share, count) in shares.items()
            if share == 1.0 and (count >= ALWAYS_FAILS_FROM or not count)
        ]
        passed = ThresholdResult(NEVER_ONLY_FAILS, None, None, None, "pass", default=True)
        return [*results, *(always or [passed])]

    def _builtin(self, check: ThresholdCheck, stage: int, number: int | None) -> ThresholdResult:
        span = self.stages[stage]
        label = None if number is None else self.endpoints[number].label
        measured, seconds, reason = self._stretch(stage)
        value = self._value(check.stat, self._tally(stage, number, measured), seconds)
        if value is None:
            part = "the measured part of " if measured else ""
            where = "" if label is None else f" to {label!r}"
            nothing = f"no request{where} finished in {part}stage {span.name!r}"
            if isinstance(self.tallies, SourceTallies):
                nothing = f"the file that was imported does not say {check.stat}{where}"
            return _missing(check, span.name, label, nothing)
        status = _status(check.holds(value))
        return ThresholdResult(check.text, span.name, label, value, status, reason=reason)

    def _stretch(self, stage: int) -> tuple[bool, int, str]:
        """Whether to judge the measured part, the length in seconds of what is judged, a remark."""
        span = self.stages[stage]
        if isinstance(self.tallies, SourceTallies):
            return False, span.end - span.start, ""
        if span.measured_to > span.measured_from:
            return True, span.measured_to - span.measured_from, ""
        if not self.final and stage == len(self.stages) - 1:
            return True, 0, ""  # It may still come to its measured part.
        remark = "judged on the whole stage, which is too short to have a measured part"
        return False, span.end - span.start, remark

    def _tally(self, stage: int, number: int | None, measured: bool) -> Tally:
        if number is not None:
            tallies = self.tallies.measured if measured else self.tallies.whole
            return tallies.get((stage, number)) or Tally()
        key = stage, number, measured
        if key not in self._merged:
            self._merged[key] = self.tallies.merged(stage=stage, measured=measured)
        return self._merged[key]

    @staticmethod
    def _value(stat: str, tally: Tally, seconds: float) -> float | None:
        if stat == "rps":
            return tally.rps(seconds)
        if stat == "error_rate":
            return tally.error_rate()
        if stat == "mean":
            us = tally.mean_us()
        elif stat == "max":
            us = tally.longest_us()
        elif stat == "min":
            us = tally.shortest_us()
        else:
            share = percentile_share(stat)
            assert share is not None  # parse_measure knows no other statistic
            us = tally.percentile_us(share)
        return None if us is None else us / 1000

    def _kind(self, name: str) -> MetricKind | None:
        """Kind of a custom metric checked as a whole: a Counter or Rate before a Trend."""
        kinds = {key.kind for key in self.tallies.metrics if key.name == name}
        for kind in ("counter", "rate", "trend"):
            if kind in kinds:
                return kind
        return None

    def _custom(
        self, threshold: Threshold, check: ThresholdCheck, metric: str, stage: int
    ) -> list[ThresholdResult]:
        name = self.stages[stage].name
        if check.stat == COUNTER_RATE and self._kind(f"{metric}.{COUNTER_RATE}"):
            metric = f"{metric}.{COUNTER_RATE}"  # A metric that is called so.
            check = replace(check, metric=metric, stat="value")
        needed = _kind_with(check.stat)
        kind = needed or self._kind(metric)
        keys = [key for key in self.tallies.metrics if (key.kind, key.name) == (kind, metric)]
        if kind is None or not keys:
            word = needed.capitalize() if needed else "metric"
            reason = f"no {word} {metric!r} was recorded"
            return [_missing(check, name, threshold.endpoint, reason)]
        if kind == "trend" and check.stat == "value":
            reason = f"{metric!r} is a Trend; check a statistic of it, as in {metric}.p95"
            return [_missing(check, name, threshold.endpoint, reason)]
        places: list[str | None] = [None]
        if threshold.endpoint is not None:
            wanted = threshold.endpoint
            places = [*sorted({key.endpoint for key in keys if fits_pattern(key.endpoint, wanted)})]
            if not places:
                reason = f"{metric!r} was not recorded at any endpoint {wanted!r}"
                return [_missing(check, name, wanted, reason)]
        return [self._metric(check, kind, metric, stage, endpoint) for endpoint in places]

    def _metric(
        self, check: ThresholdCheck, kind: MetricKind, metric: str, stage: int, endpoint: str | None
    ) -> ThresholdResult:
        span = self.stages[stage]
        measured, _, reason = self._stretch(stage)
        if kind == "counter":  # Counts cover the whole stage.
            measured, reason = False, ""
        tally = self.tallies.merged_metric(
            kind, metric, stage=stage, endpoint=endpoint, measured=measured
        )
        if kind == "counter":
            # A counter that the run knows and that nothing was added to in this stage is 0.
            value: float | None = float(tally.count) if tally else 0.0
            if check.stat == COUNTER_RATE:
                seconds = span.end - span.start
                value = (value or 0.0) / seconds if seconds else None
        elif tally is None or not tally.count:
            value = None
        elif kind == "rate":
            value = tally.rate()
        else:
            value = _trend_statistic(tally, check.stat)
        if value is None:
            part = "the measured part of " if measured else ""
            nothing = f"{metric!r} was not recorded in {part}stage {span.name!r}"
            return _missing(check, span.name, endpoint, nothing)
        if check.unit == "ms":
            unit = self.tallies.metric_infos[metric].unit if kind == "trend" else ""
            if unit not in _MS_PER:
                reason = f"the check gives a time and {metric!r} has the unit {unit!r}"
                return _missing(check, span.name, endpoint, reason)
            value = round(value * _MS_PER[unit], 9)
        status = _status(check.holds(value))
        return ThresholdResult(check.text, span.name, endpoint, value, status, reason=reason)


def _kind_with(stat: str) -> MetricKind | None:
    """The kind of custom metric that has a statistic; None for a `value`, which each has."""
    return "trend" if is_latency(stat) else "counter" if stat == COUNTER_RATE else None


def _trend_statistic(tally: MetricTally, stat: str) -> float | None:
    share = percentile_share(stat)
    if share is not None:
        return tally.percentiles((share,))[0]
    value: float | None = getattr(metric_values("trend", tally), stat)
    return value


def _status(holds: bool) -> Literal["pass", "fail"]:
    return "pass" if holds else "fail"


def _failures_unknown(labels: list[str], of: int) -> str:
    """Why the failures of these endpoints are not judged, of so many that there are."""
    to = ""
    if len(labels) < of:
        to = f" to {labels[0]!r}" if len(labels) == 1 else f" to {len(labels)} of {of} endpoints"
    return f"the file that was imported does not say how many requests{to} failed"


def _missing(
    check: ThresholdCheck,
    stage: str | None,
    endpoint: str | None,
    reason: str,
    default: bool = False,
) -> ThresholdResult:
    return ThresholdResult(check.text, stage, endpoint, None, "missing", default, reason)


def _nothing_finished(unfinished: int) -> ThresholdResult:
    reason = (
        "the one request that was started did not finish"
        if unfinished == 1
        else f"none of the {unfinished} requests that were started finished"
    )
    return ThresholdResult(SOMETHING_FINISHES, None, None, None, "fail", True, reason)
