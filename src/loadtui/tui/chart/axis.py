"""Axes that end at round numbers and stay put while the values below them move."""

from __future__ import annotations

import math
from typing import NamedTuple

_LIMITS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.5)
_LEAST = 10
_SPANS = (30, 60, 120, 180, 300, 600, 900, 1200, 1800, 2700, 3600, 7200, 10800, 14400, 21600)
_TIME_STEPS = (
    5, 10, 15, 20, 30, 60, 90, 120, 150, 180, 300, 450, 600, 900, 1350, 1800, 3600, 5400, 7200,
    10800, 14400, 28800, 86400,
)  # fmt: skip


def round_up(value: float) -> float:
    """The smallest round number (1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten) >= value."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    for limit in _LIMITS:
        # The tolerance keeps 0.3 at 0.3, whatever the division leaves in the last digit.
        if value <= limit * power * (1 + 1e-9):
            return _tidy(limit * power)
    return _tidy(10 * power)


def ticks(limit: float, most: int) -> list[float]:
    """Round values from 0 to `limit`, both included, in at most `most` equal steps."""
    for steps in range(max(1, most), 1, -1):
        step = limit / steps
        mantissa = step / 10.0 ** math.floor(math.log10(step) + 1e-9)
        if any(math.isclose(mantissa, nice) for nice in _STEPS):
            return [_tidy(step * n) for n in range(steps + 1)]
    return [0.0, limit]


class AxisScale:
    """The upper end of an axis from 0, with hysteresis.

    It grows as soon as a value is above it, and shrinks only when the values have stayed under
    `shrink_below` of it for `shrink_after` updates, so that it does not flap.
    """

    def __init__(self, shrink_below: float = 0.4, shrink_after: int = 10) -> None:
        self.limit = 1.0
        self._shrink_below = shrink_below
        self._shrink_after = shrink_after
        self._low = 0
        self._fresh = True

    def update(self, highest: float) -> float:
        """The end of the axis, given the highest value now shown."""
        wanted = round_up(highest)
        if self._fresh and highest > 0:
            self._fresh = False
            self.limit = wanted
        elif highest > self.limit:
            self.limit = wanted
            self._low = 0
        elif highest < self.limit * self._shrink_below and wanted < self.limit:
            self._low += 1
            if self._low >= self._shrink_after:
                self.limit = wanted
                self._low = 0
        else:
            self._low = 0
        return self.limit


def span_of(elapsed_s: float, planned_s: float | None) -> int:
    """Seconds a time axis from 0 covers: the next round length, and no more than was planned."""
    whole = math.ceil(max(elapsed_s, 1))
    span = next((s for s in _SPANS if s >= whole), math.ceil(whole / 21600) * 21600)
    if planned_s is not None and whole <= planned_s:
        span = min(span, max(math.ceil(planned_s), _LEAST))
    return span


class TimeWindow(NamedTuple):
    """The stretch of the run that a time axis covers, in seconds; `end` is after `start`."""

    start: int
    end: int

    @property
    def span(self) -> int:
        return self.end - self.start

    def column(self, second: float, columns: int) -> int:
        """Column of a second among so many; outside of them for one that is not covered."""
        return round((second - self.start) / self.span * (columns - 1))


STEPS_A_WINDOW = 6
"""A window moves on by such a part of itself at a time: a chart that moves is painted anew."""


def time_window_of(elapsed_s: float, planned_s: float | None, length_s: int | None) -> TimeWindow:
    """The whole run (`length_s` None), or the last so many seconds of it, moved in steps."""
    if length_s is None or elapsed_s <= length_s:
        span = span_of(elapsed_s, planned_s)
        return TimeWindow(0, span if length_s is None else min(span, length_s))
    step = length_s // STEPS_A_WINDOW
    start = math.ceil((elapsed_s - length_s) / step) * step
    return TimeWindow(start, start + length_s)


def time_ticks(window: TimeWindow, most: int) -> list[int]:
    """Round seconds within a window, at most `most` + 1 of them, at its ends if they can."""
    span = window.span
    fitting = [step for step in _TIME_STEPS if span / step <= max(1, most)]
    step = next((s for s in fitting if span % s == 0), fitting[0] if fitting else span)
    return list(range(math.ceil(window.start / step) * step, window.end + 1, step))


def _tidy(value: float) -> float:
    return float(f"{value:.12g}")
