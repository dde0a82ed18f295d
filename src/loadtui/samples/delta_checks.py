"""What a delta may hold, beyond the types of its fields."""

from __future__ import annotations

import math
from collections.abc import Iterable

from loadtui.samples.bins import MAX_US, bin_of
from loadtui.samples.delta import CELL_WIDTH, HOST, NO_BIN, WINDOW_WIDTH, Delta
from loadtui.samples.trend_bins import MAX_TREND_BIN

LARGEST = 2**53
"""Of any count or sum: up to here they are exact as numbers of JSON too."""
LAST_SECOND = 10_000_000
"""Of a run, which lasts 115 days then: as long are its timeline and all that is made of it."""
LARGEST_AMOUNT = 2**63 - 1
"""That a counter is raised by."""
_LAST_BIN = bin_of(MAX_US)


def check_delta(delta: Delta) -> None:
    """Raises ValueError for numbers that no worker can have recorded."""
    _check_cells(delta.cells)
    _check_windows(delta.windows)
    _check_range("worker", [delta.worker], most=HOST)
    _check_range("sequence or total", (delta.seq, delta.total))
    _check_range("unfinished", [delta.unfinished])
    _check_range("dropped", (delta.errors_dropped, delta.exceptions_dropped), least=-LARGEST)
    _check_range("endpoint", (number for number, _, _ in delta.endpoints))
    for kinds in (delta.errors, delta.exceptions):
        for kind in kinds:
            _check_range("count", [kind.count])
            _check_finite("time", (kind.first, kind.last))
    for added in delta.counters:
        _check_range("second", [added.second], least=-LARGEST)
        _check_range("counter", [added.amount], least=-LARGEST_AMOUNT, most=LARGEST_AMOUNT)
    for rate in delta.rates:
        _check_range("rate", (rate.hits, rate.trials - rate.hits))
        _check_range("second", [rate.second], least=-LARGEST)
    for row in delta.trends:
        _check_range("second", [row.second], least=-LARGEST)
        _check_range("count", [row.count])
        _check_range("trend bin", [row.bin], most=MAX_TREND_BIN)
        _check_finite("trend", (v for v in (row.sum, row.min, row.max) if v is not None))
    for health in delta.health:
        check_second(health.second)
        _check_range("health", (health.users, health.in_flight, health.left))
        _check_finite("health", (health.cpu, health.wait, health.lag_ms))
    for remark in delta.remarks:
        _check_range("remark", [remark.count])
    for late in delta.late:
        _check_range("late requests", (late.endpoint, late.count))
        _check_range("outcome", [late.ok], most=1)


def check_second(second: int) -> None:
    """Raises ValueError for a second that no run has."""
    _check_range("second of the run", [second], most=LAST_SECOND)


def _check_cells(flat: list[int]) -> None:
    if len(flat) % CELL_WIDTH:
        raise ValueError("a row of cells is cut off")
    if not flat:
        return
    _check_range("endpoint", flat[0::CELL_WIDTH])
    _check_range("outcome", flat[1::CELL_WIDTH], most=1)
    _check_range("second", flat[2::CELL_WIDTH], least=-LARGEST)
    bins = flat[3::CELL_WIDTH]
    if max(bins) > _LAST_BIN:
        bins = [bin_ for bin_ in bins if bin_ != NO_BIN]
    _check_range("bin", bins, most=_LAST_BIN)
    _check_range("count", flat[4::CELL_WIDTH])


def _check_windows(flat: list[int]) -> None:
    if len(flat) % WINDOW_WIDTH:
        raise ValueError("a row of windows is cut off")
    _check_range("endpoint", flat[0::WINDOW_WIDTH])
    _check_range("outcome", flat[1::WINDOW_WIDTH], most=1)
    _check_range("second", flat[2::WINDOW_WIDTH], least=-LARGEST)
    for column in (3, 4, 7):
        _check_range("count or sum", flat[column::WINDOW_WIDTH])
    for column in (5, 6):
        _check_range("least or most", flat[column::WINDOW_WIDTH], least=-1)


def _check_range(what: str, numbers: Iterable[int], *, least: int = 0, most: int = LARGEST) -> None:
    values = numbers if isinstance(numbers, list) else list(numbers)
    if values and not least <= min(values) <= max(values) <= most:
        raise ValueError(f"{what}: {min(values)} to {max(values)}")


def _check_finite(what: str, numbers: Iterable[float]) -> None:
    for number in numbers:
        if not math.isfinite(number):
            raise ValueError(f"{what}: {number}")
