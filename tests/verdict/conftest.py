"""Small runs in memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from loadtui.samples.bins import bin_of
from loadtui.samples.tallies import Tallies
from loadtui.store.manifest import StageSpan

Add = Callable[..., None]


def add(
    tallies: Tallies,
    stage: int,
    endpoint: int,
    ms: list[float],
    *,
    failed: int = 0,
    measured: bool = True,
    size: int = 0,
) -> None:
    """Requests with these latencies, the first `failed` of them failures, `size` bytes each."""
    for number, latency in enumerate(ms):
        us = round(latency * 1000)
        ok = int(number >= failed)
        tallies.add_window(stage, endpoint, measured, ok, 1, us, us, us, size)
        tallies.add_cell(stage, endpoint, measured, bin_of(us), 1)


def span(name: str, start: int, end: int, measured_from: int | None = None) -> StageSpan:
    return StageSpan(
        name, start, end, 10, 1.0, end if measured_from is None else measured_from, end
    )


@pytest.fixture(name="add")
def _add() -> Callable[..., None]:
    return add


@pytest.fixture(name="span")
def _span() -> Callable[..., StageSpan]:
    return span
