"""The thresholds and checks of a k6 script, as thresholds that the run was judged by.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from loadtui.importing.k6.k6_shapes import K6Check
from loadtui.store.manifest import ThresholdResult

K6_PASSES = "k6 says that the test passed"
_ALL_CHECKS = "checks"
_EXPRESSION = re.compile(
    r"\s*(?P<stat>[a-z]+|p\(\s*(?P<share>\d+(?:\.\d+)?)\s*\))\s*"
    r"(?P<op><=|>=|===?|!=|<|>)\s*(?P<value>[+-]?\d+(?:\.\d+)?)\s*"
)
_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "===": operator.eq,
    "!=": operator.ne,
}


class K6Expression(NamedTuple):
    """A threshold as k6's metrics/thresholds_parser.go reads it."""

    stat: str
    """`avg`, `count`, `rate`, or `p(95)` without blanks."""
    share: float | None
    """Of a percentile, 0..100."""
    op: str
    limit: float

    def holds(self, value: float) -> bool:
        return _HOLDS[self.op](value, self.limit)


def parse_expression(source: str) -> K6Expression | None:
    """None for one that is not of that form, as older versions took any JavaScript."""
    match = _EXPRESSION.fullmatch(source)
    if match is None:
        return None
    share = None if match["share"] is None else float(match["share"])
    stat = match["stat"] if share is None else f"p({share:g})"
    return K6Expression(stat, share, match["op"], float(match["value"]))


def threshold_outcome(metric: str, source: str, met: bool, value: float | None) -> ThresholdResult:
    """A threshold that k6 judged itself; `value` is what the source says of the statistic.

    One that its own value contradicts does not pass, and the reason tells.
    """
    expression = parse_expression(source)
    told = ""
    if expression is not None and value is not None:
        told = f"{expression.stat} is {value:g}"
        if expression.holds(value) is not met:
            said = "met" if met else "crossed"
            return _outcome(metric, source, False, f"k6 says that it was {said}, and {told}")
    return _outcome(metric, source, met, told)


def check_outcomes(checks: Iterable[K6Check], judged: Iterable[str]) -> list[ThresholdResult]:
    """What the checks of the script come to.

    Where one of k6's own thresholds, by their metrics in `judged`, is about checks it says how many
    may fail; else every check has to hold, as k6 has no opinion of its own.
    """
    if any(metric.partition("{")[0].strip() == _ALL_CHECKS for metric in judged):
        return []
    return [
        _outcome(
            "check",
            check.name,
            not check.fails,
            f"{check.fails} of {check.passes + check.fails} failed" if check.fails else "",
        )
        for check in checks
        if check.passes + check.fails
    ]


def whole_outcome(passed: bool) -> ThresholdResult:
    """What k6 says of the whole test."""
    return ThresholdResult(K6_PASSES, None, None, None, "pass" if passed else "fail")


def unjudged_outcome(metric: str, source: str, why: str) -> ThresholdResult:
    """A threshold of which the source does not say whether it was met."""
    return ThresholdResult(f"{metric} {source}", None, None, None, "missing", reason=why)


def _outcome(metric: str, source: str, met: bool, reason: str) -> ThresholdResult:
    status: Literal["pass", "fail"] = "pass" if met else "fail"
    return ThresholdResult(f"{metric} {source}", None, None, None, status, reason=reason)
