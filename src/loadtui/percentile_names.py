"""Percentiles by their names: `p95` is the value that 95 % of all do not exceed."""

from __future__ import annotations

import re
from collections.abc import Iterable

DEFAULT_PERCENTILES = ("p50", "p95", "p99")
"""What is shown, compared and saved in baselines when nobody asks for others."""
EXPECTED_PERCENTILE = "a percentile above p0 and below p100 such as p90 or p99.9"
_AFTER_METRIC = re.compile(r"(?:(?P<metric>.+?)\.)??(?P<percentile>p[0-9]+(?:\.[0-9]+)?)")
_NAME = re.compile(r"p([0-9]{1,2}(?:\.[0-9]{1,4})?)")


def percentile_share(name: str) -> float | None:
    """0.999 of `p99.9`; None of a name that is none of a percentile."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    percent = float(match[1])
    return round(percent / 100, 6) if percent else None


def percentile_name(share: float) -> str:
    """`p95` for 0.95, `p99.9` for 0.999."""
    return f"p{round(share * 100, 4):g}"


def canonical_percentile(name: str) -> str | None:
    """The one spelling of a percentile's name, `p99.9` of `p99.90`; None of one that is none."""
    share = percentile_share(name)
    return None if share is None else percentile_name(share)


def after_metric(name: str) -> tuple[str, str] | None:
    """Metric and percentile of `ttft.p99.9`, the metric empty of a bare percentile, which is in its
    one spelling; None of a name that ends in none."""
    match = _AFTER_METRIC.fullmatch(name)
    percentile = None if match is None else canonical_percentile(match["percentile"])
    if match is None or percentile is None:
        return None
    return match["metric"] or "", percentile


def parse_percentiles(text: str) -> tuple[str, ...]:
    """The names of a list such as `50,90,99.9` or `p50, p90`, ascending and each once.

    ValueError, the end of a sentence, for a part that is no percentile, and for none at all.
    """
    parts = [part.strip() for part in text.split(",")]
    names = []
    for part in parts:
        name = canonical_percentile(f"p{part.removeprefix('p')}")
        if name is None:
            raise ValueError(
                f'found "{part}", expected numbers above 0 and below 100, as 50,90,99.9'
            )
        names.append(name)
    return ascending(names)


def ascending(names: Iterable[str]) -> tuple[str, ...]:
    """Names of percentiles from the smallest to the largest, each once."""
    return tuple(sorted(set(names), key=lambda name: percentile_share(name) or 0.0))
