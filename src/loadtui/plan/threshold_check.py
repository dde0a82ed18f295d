"""The meaning of a check such as `p95 < 2s`, `ttft.p95 < 300ms` or `sandbox_violations == 0`.

A check is `[metric.]stat op value`.  Without a metric the statistic is one of the built-in ones;
a name that is none of them is a custom metric, of which only the data tells later whether it is a
Counter or a Rate.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from loadtui.percentile_names import (
    DEFAULT_PERCENTILES,
    EXPECTED_PERCENTILE,
    canonical_percentile,
)
from loadtui.plan.units import parse_duration, parse_percent, share_of
from loadtui.suggestion import did_you_mean

EXTENTS = ("min", "max", "mean")
"""Statistics of the response time, and of a Trend, beside its percentiles."""
COUNTER_RATE = "rate"
"""Statistic of a Counter: how much it counted a second."""
_KNOWN = (*DEFAULT_PERCENTILES, *EXTENTS, "error_rate", "rps")

_PERCENTILE_CALL = re.compile(r"\bp\(([0-9.]+)\)")
"""As k6 writes it."""
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}
_CHECK = re.compile(r"(?P<name>[^<>=!~]*)(?P<op>[<>=!~]*)(?P<value>.*)", re.DOTALL)
CHECK_PATTERN = (
    rf"^\s*[^<>=!~\s][^<>=!~]*(?:{'|'.join(sorted(_OPERATORS, key=len, reverse=True))})"
    r"\s*[^<>=!~\s][^<>=!~]*$"
)
"""For a schema: what is written otherwise is none."""
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_LIKE_PERCENTILE = re.compile(r"p[0-9]+(?:\.[0-9]*)?")
_AFTER_METRIC = re.compile(rf"(?:(?P<metric>.+?)\.)??(?P<stat>{_LIKE_PERCENTILE.pattern})")
_PER_SECOND = re.compile(r"\s*(?:rps|/\s*s)$")


class Measure(NamedTuple):
    """What a check or tolerance looks at: a statistic of the requests or of a custom metric."""

    metric: str | None
    """Name of the custom metric, None for a built-in statistic."""
    stat: str
    """`p99.9` or another percentile, `max`, `mean`, `error_rate`, `rps`; COUNTER_RATE, or `value`
    for a Counter or Rate as a whole."""

    @property
    def name(self) -> str:
        """As comparisons call it: `p99.9`, `ttft.p95`, `sandbox_violations`."""
        return ".".join(part for part in (self.metric, self.stat) if part and part != "value")

    @property
    def of_latency(self) -> bool:
        """Whether it is a statistic of response times or of a Trend's values."""
        return is_latency(self.stat)


@dataclass(frozen=True)
class ThresholdCheck:
    metric: str | None
    stat: str
    op: str
    value: float
    """Latencies in ms, error_rate and Rates as fractions, rps and a Counter's rate a second,
    Counters and Trends that are no times as plain numbers."""
    unit: str
    """`ms`, `fraction`, `rps` (also of a Counter's rate), or empty for a plain number."""
    text: str
    """As written, without space around it."""

    def holds(self, value: float) -> bool:
        """Whether the promise is kept by `value`, given in the check's own scale."""
        return _OPERATORS[self.op](value, self.value)


def is_latency(stat: str) -> bool:
    """Whether a statistic is one of response times, and of a Trend's values."""
    return stat in EXTENTS or canonical_percentile(stat) == stat


def parse_check(text: str) -> ThresholdCheck:
    """Read a check; ValueError says at which part of it what was found and expected."""
    match = _CHECK.fullmatch(text)
    assert match is not None  # every part may be empty
    name, op, value = match["name"].strip(), match["op"], match["value"].strip()
    if not name:
        raise ValueError(f'found "{text}", expected a statistic first, as in "p95 < 2s"')
    if op not in _OPERATORS:
        written = f'"{op}"' if op else "none"
        raise ValueError(
            f'found "{text}", expected one of < <= > >= == after "{name}" and found {written}'
        )
    measure = _rate_of_counter(name, value) or parse_measure(name)
    try:
        number, unit = _value(measure, value)
    except ValueError as error:
        raise ValueError(f'found "{value}" after "{name} {op}", {error}') from None
    return ThresholdCheck(measure.metric, measure.stat, op, number, unit, text.strip())


@cache
def parse_measure(name: str) -> Measure:
    """Read `p95`, `ttft.p99.9` or the name of a custom metric; ValueError for a near miss."""
    if not name.strip():
        raise ValueError(f'found "{name}", expected a metric such as p95, rps or ttft.p75')
    metric, stat = _split(name)
    if stat in EXTENTS or canonical_percentile(stat):
        return Measure(metric or None, canonical_percentile(stat) or stat)
    if name in _KNOWN:
        return Measure(None, name)
    if metric and stat in _KNOWN:
        raise ValueError(
            f'found "{name}", expected a percentile, min, max or mean after a custom metric'
        )
    if _LIKE_PERCENTILE.fullmatch(stat):
        raise ValueError(f'found "{name}", expected {EXPECTED_PERCENTILE}')
    if called := _PERCENTILE_CALL.search(name):
        raise ValueError(f'found "{name}", expected a percentile without brackets: p{called[1]}')
    # Custom metrics have names of their own: only a very near one is a slip.
    if hint := did_you_mean(name, _KNOWN, "", close=0.85):
        raise ValueError(f'found "{name}", {hint}')
    return Measure(name, "value")


def _split(name: str) -> tuple[str, str]:
    """Custom metric, empty for none, and statistic: the dot of `ttft.p99.9` that counts is that
    before the percentile."""
    match = _AFTER_METRIC.fullmatch(name)
    if match is not None:
        return match["metric"] or "", match["stat"]
    metric, _, stat = name.rpartition(".")
    return metric, stat


def _rate_of_counter(name: str, value: str) -> Measure | None:
    """`tokens.rate` where a number a second follows, not a percentage: that is a whole Rate."""
    metric, dot, stat = name.rpartition(".")
    a_second = _NUMBER.fullmatch(_PER_SECOND.sub("", value)) is not None
    if dot and metric and stat == COUNTER_RATE and a_second:
        return Measure(metric, stat)
    return None


def _value(measure: Measure, text: str) -> tuple[float, str]:
    """Number and unit; the ValueError is the second half of a sentence."""
    if measure.metric is None and measure.of_latency:
        return _milliseconds(text), "ms"
    if measure.metric is None and measure.stat == "rps":
        bare = _PER_SECOND.sub("", text)
        if _NUMBER.fullmatch(bare):
            return float(bare), "rps"
        raise ValueError("expected requests per second such as 100")
    if measure.metric is None:
        return share_of(text), "fraction"
    if measure.stat == COUNTER_RATE:
        return float(_PER_SECOND.sub("", text)), "rps"
    if _NUMBER.fullmatch(text):
        return float(text), ""
    if measure.stat != "value":
        return _milliseconds(text), "ms"
    try:
        return parse_percent(text), "fraction"
    except ValueError:
        raise ValueError(
            f"expected a number (a Counter) or a percentage (a Rate); "
            f"a Trend needs a statistic, as in {measure.metric}.p95"
        ) from None


def _milliseconds(text: str) -> float:
    try:
        if _NUMBER.fullmatch(text):
            raise ValueError
        return round(parse_duration(text) * 1000, 9)
    except ValueError:
        raise ValueError("expected a time with its unit such as 300ms or 2s") from None
