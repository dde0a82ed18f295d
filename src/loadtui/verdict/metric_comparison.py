"""One metric of one endpoint in one stage, on both sides: what can be said of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

import msgspec

from loadtui.percentile_names import after_metric
from loadtui.plurals import counted
from loadtui.samples.estimate import BLOCKS, TOTAL, Estimate, Estimates, Key, Quantity
from loadtui.store.comparison import ComparisonRow, RowStatus, VerdictWord
from loadtui.verdict import interval as intervals
from loadtui.verdict.metric_limits import ComparisonRules, MetricLimits
from loadtui.verdict.thin_percentile import ThinPercentile, is_thin, thin_percentile

NOT_TESTED = "not tested"
"""Reason of a row whose metric has no limits, or whose endpoint is not among those tested."""
_PASSING: tuple[VerdictWord, ...] = ("improved", "unchanged", "new", "shown")


class MetricComparison:
    """Both sides of one metric.

    Either `settled` is a row at once, or `p` is to be judged with the rest of its family and
    `judged` gives the row.
    """

    def __init__(
        self,
        key: Key,
        base_runs: Sequence[Estimates],
        runs: Sequence[Estimates],
        rules: ComparisonRules,
        gated: bool,
    ) -> None:
        self.key = key
        self.base = [run[key] for run in base_runs if key in run]
        self.current = [run[key] for run in runs if key in run]
        self.runs = len(runs)
        self.of_known_values = not self.base and any(
            _is_of_values(other, key) for run in base_runs for other in run
        )
        """Whether the base lacks it and has another percentile of the same values."""
        self.quantity = (self.base or self.current)[0].quantity
        self.limits = rules.limits.get(key)
        self.required = rules.required(key)
        self._incomparable = key.stage in rules.incomparable
        self._must_decide = key in rules.must_decide
        # Of many endpoints a tolerance without one names those that are tested.
        self.named = key in rules.named_metrics and (gated or key.endpoint == TOTAL)
        self.gated = gated and self.limits is not None
        self.interval: intervals.Interval | ThinPercentile | None = None
        self.settled = self._settle(rules)

    @property
    def p(self) -> float:
        assert self.interval is not None
        return self.interval.p

    def judged(self, significant: bool) -> ComparisonRow:
        """The word of a tested metric, once it is known whether its change is significant."""
        assert self.interval is not None
        assert self.limits is not None
        change, (warn, fail) = self.interval.change, self.limits
        if significant and change >= warn:
            return self._row("regressed", failed=change >= fail)
        if significant and change <= -warn:
            return self._row("improved")
        if self.interval.high < fail:
            return self._row("unchanged")
        why = "the interval reaches the fail tolerance"
        if isinstance(self.interval, ThinPercentile):
            why = self.interval.undecided_because()
        return self._row("inconclusive", why)

    @property
    def is_latency(self) -> bool:
        """Whether the metric falls when less is asked of the target: a time, of whatever kind."""
        return self.quantity.percentile is not None and self.quantity.worse > 0

    def doubted(self, reason: str) -> ComparisonRow:
        """The row of an improvement that is none; more runs would not make it one."""
        row = self._row("inconclusive", reason)
        return msgspec.structs.replace(row, further_runs=None, further_base_runs=None)

    def _settle(self, rules: ComparisonRules) -> ComparisonRow | None:
        """The row, when no test is needed for it."""
        barred = rules.incomparable.get(self.key.stage)
        if barred is not None:
            failed = self.required and barred.missing
            return self._row("not comparable", barred.why, failed=failed)
        if any(e.quantity != self.quantity for e in (*self.base, *self.current)):
            why = "it is not the same kind of metric in all runs"
            return self._row("not comparable", why, failed=self.required)
        if self.quantity.scale == "count":
            return self._counter()
        if not self.base:
            return self._without_base()
        if not self.current:
            return self._row("not comparable", "only in the baseline", failed=self.required)
        if not all(e.error_known for e in (*self.base, *self.current)):
            why = "given without samples, so its error is not known"
            return self._row("inconclusive" if self.gated and self.named else "shown", why)
        prior = rules.prior(self.key, self.quantity)
        if is_thin([*self.base, *self.current]):
            return self._settle_thin(prior)
        shortest = min(e.seconds for e in (*self.base, *self.current))
        if shortest < BLOCKS:
            why = f"only {shortest} s measured; a verdict needs {BLOCKS}"
            return self._row("inconclusive" if self.gated else "shown", why)
        self.interval = intervals.change_interval(self.base, self.current, prior)
        return None if self.gated else self._row("shown", NOT_TESTED)

    def _without_base(self) -> ComparisonRow:
        """A metric that is new; but a percentile that the base knew others of is one that nobody
        looked at then, which decides nothing."""
        if self.gated and self.of_known_values:
            return self._row("inconclusive", "the baseline lacks it: promote its runs again")
        return self._row("new", "not in the baseline")

    def _settle_thin(self, prior: intervals.Prior) -> ComparisonRow | None:
        """As `_settle`, of a percentile that order statistics judge."""
        if not self.gated:
            return self._row("shown", NOT_TESTED)
        self.interval = thin = thin_percentile(self.base, self.current, prior.tau)
        if thin is None:
            return self._row("inconclusive", self._unknown_distribution())
        return None if thin.bounded else self._row("inconclusive", thin.unbounded_because())

    def _unknown_distribution(self) -> str:
        """Why a thin percentile of these runs is not judged."""
        both = (*self.base, *self.current)
        count, seconds = min(e.count for e in both), min(e.seconds for e in both)
        return (
            f"{counted(count, 'value')} in {seconds} s are judged by how they are distributed, "
            f"which this baseline does not say: promote its runs again"
        )

    def _counter(self) -> ComparisonRow:
        """Exact: the worst current run counts, and the limit holds without a baseline too.  A
        counter that is missing was perhaps never looked at, which is not the same as 0."""
        if len(self.current) < self.runs:
            why = "the counter is missing from a current run"
            return self._row("not comparable", why, failed=self.required)
        if self.limits is not None:
            most = max(e.y for e in self.current)
            if most > self.limits.fail:
                why = f"{most:g} is over the limit of {self.limits.fail:g}"
                return self._row("regressed", why, failed=True)
        if not self.base:
            return self._row("new")
        return self._row("shown" if self.limits is None else "unchanged")

    def _row(self, word: VerdictWord, reason: str = "", *, failed: bool = False) -> ComparisonRow:
        status: RowStatus = "fail" if failed else "pass" if word in _PASSING else "warning"
        # Another load is a matter of the whole stage, and told as that.
        undecided = word == "inconclusive" or (word == "not comparable" and not self._incomparable)
        if undecided and self._must_decide and self.gated:
            status, reason = "fail", f"{reason}; the plan says that undecided fails"
        quantity, interval, limits = self.quantity, self.interval, self.limits
        row = ComparisonRow(
            *self.key,
            word=word,
            status=status,
            scale=quantity.scale,
            unit=quantity.unit,
            worse=quantity.worse,
            reason=reason,
            base=self._middle(self.base),
            current=self._middle(self.current),
            warn=None if limits is None else limits.warn,
            fail=None if limits is None else limits.fail,
            named=self.named,
        )
        if isinstance(interval, ThinPercentile):
            assert limits is not None
            return _with_thin(row, interval, quantity, limits)
        if interval is None:
            undecided = word in ("inconclusive", "shown")
            return msgspec.structs.replace(row, change=self._plain_change()) if undecided else row
        row = _with_interval(row, interval)
        return row if limits is None else _with_outlook(row, interval, limits)

    def _plain_change(self) -> float | None:
        """How far the runs lie apart on average, where no interval could be given."""
        if self.quantity.scale == "count" or not self.base or not self.current:
            return None
        return self.quantity.worse * (
            fmean(e.y for e in self.current) - fmean(e.y for e in self.base)
        )

    def _middle(self, side: Sequence[Estimate]) -> float | None:
        if not side:
            return None
        if self.quantity.scale == "count":
            return max(e.y for e in side)
        return self.quantity.natural(fmean(e.y for e in side))


def _is_of_values(other: Key, key: Key) -> bool:
    """Whether both are percentiles of the latencies of one endpoint, or of one Trend there."""
    splits = [after_metric(each.metric) for each in (other, key)]
    if splits[0] is None or splits[1] is None:
        return False
    return other[:2] == key[:2] and splits[0][0] == splits[1][0]


def _with_thin(
    row: ComparisonRow, thin: ThinPercentile, quantity: Quantity, limits: MetricLimits
) -> ComparisonRow:
    """The row of a percentile judged by order statistics; a bound that is not finite is left
    out."""
    row = msgspec.structs.replace(
        row,
        base=quantity.natural(thin.base.y),
        current=quantity.natural(thin.current.y),
        change=thin.change,
        low=thin.low if math.isfinite(thin.low) else None,
        high=thin.high if math.isfinite(thin.high) else None,
        p=thin.p if thin.bounded else None,
    )
    if row.word != "inconclusive":
        return row
    further = thin.further_runs(limits)
    further_base = None if further else thin.further_base_runs(limits)
    return msgspec.structs.replace(row, further_runs=further, further_base_runs=further_base)


def _with_interval(row: ComparisonRow, interval: intervals.Interval) -> ComparisonRow:
    return msgspec.structs.replace(
        row,
        change=interval.change,
        low=interval.low,
        high=interval.high,
        se=interval.se,
        df=interval.df,
        p=interval.p,
    )


def _with_outlook(
    row: ComparisonRow, interval: intervals.Interval, limits: MetricLimits
) -> ComparisonRow:
    """The row with what could have been found, and what would decide an inconclusive one."""
    mde90 = intervals.smallest_found(interval, limits.warn, row.scale, row.worse)
    further = further_base = None
    if row.word == "inconclusive":
        further = intervals.further_runs(interval, limits.fail)
        further_base = None if further else intervals.further_base_runs(interval, limits.fail)
    return msgspec.structs.replace(
        row, mde90=mde90, further_runs=further, further_base_runs=further_base
    )
