from __future__ import annotations

import math
from typing import Any

import pytest

from loadtui.samples.bins import MAX_US, bin_of
from loadtui.samples.delta import (
    HOST,
    NO_BIN,
    CounterAdd,
    ErrorCount,
    ExceptionCount,
    LateCount,
    RateAdd,
    RemarkCount,
    TrendAdd,
    WorkerHealth,
)
from loadtui.samples.delta_checks import LARGEST, LARGEST_AMOUNT, LAST_SECOND, check_delta
from loadtui.samples.trend_bins import MAX_TREND_BIN, trend_bin_of
from tests.support.worker_deltas import Worker

CELL = [0, 1, 0, 100, 1]
WINDOW = [0, 1, 0, 1, 100, 100, 100, 10]


def in_row(row: list[int], column: int, value: int) -> list[int]:
    return [*row, *row[:column], value, *row[column + 1 :]]


def test_what_workers_record_passes() -> None:
    worker = Worker()
    check_delta(worker.delta())
    check_delta(worker.delta((0, 1, 0, 1000), (1, 0, 3, MAX_US), (1, 1, -1, 0)))
    check_delta(
        worker.delta(
            cells=in_row(CELL, 3, NO_BIN),
            windows=in_row(WINDOW, 5, -1),
            errors=[ErrorCount("GET", "/", "no", 2, 0.5, 1.5)],
            errors_dropped=-3,
            counters=[CounterAdd("tokens", "", 2, -7), CounterAdd("far", "", 2, LARGEST_AMOUNT)],
            rates=[RateAdd("hits", "", 2, 3, 3)],
            trends=[TrendAdd("ttft", "", 1, trend_bin_of(1.7e308), 1, 1.7e308, 1.7e308, 1.7e308)],
            health=[WorkerHealth(1, 0.4, 0.0, 1.5, 3, 1)],
            late=[LateCount(0, 0, 2)],
        )
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"cells": [0, 1, 0]},
        {"windows": WINDOW[:-1]},
        {"cells": in_row(CELL, 0, -1)},
        {"cells": in_row(CELL, 1, 2)},
        {"cells": in_row(CELL, 3, bin_of(MAX_US) + 1)},
        {"cells": in_row(CELL, 3, NO_BIN + 1)},
        {"cells": in_row(CELL, 3, -1)},
        {"cells": in_row(CELL, 4, -1)},
        {"cells": in_row(CELL, 4, LARGEST + 1)},
        {"windows": in_row(WINDOW, 3, -5)},
        {"windows": in_row(WINDOW, 4, LARGEST + 1)},
        {"windows": in_row(WINDOW, 5, -2)},
        {"windows": in_row(WINDOW, 7, -1)},
        {"total": -1},
        {"unfinished": -1},
        {"endpoints": [(-1, "GET", "/")]},
        {"errors": [ErrorCount("GET", "/", "no", -1, 0.0, 0.0)]},
        {"errors": [ErrorCount("GET", "/", "no", 1, math.inf, 0.0)]},
        {"exceptions": [ExceptionCount("no", "", 1, 0.0, math.nan)]},
        {"counters": [CounterAdd("tokens", "", 0, LARGEST_AMOUNT + 1)]},
        {"rates": [RateAdd("hits", "", 0, 3, 2)]},
        {"trends": [TrendAdd("ttft", "", 0, MAX_TREND_BIN + 1, 1, 1.0, 1.0, 1.0)]},
        {"trends": [TrendAdd("ttft", "", 0, 5000, 1, math.inf, 1.0, 1.0)]},
        {"health": [WorkerHealth(0, math.nan, 0.0, 0.0, 1, 0)]},
        {"health": [WorkerHealth(0, 0.1, 0.0, 0.0, -1, 0)]},
        {"health": [WorkerHealth(LAST_SECOND + 1, 0.1, 0.0, 0.0, 1, 0)]},
        {"worker": HOST + 1},
        {"remarks": [RemarkCount("odd", -1)]},
        {"late": [LateCount(0, 2, 1)]},
    ],
    ids=str,
)
def test_what_nobody_can_have_recorded_does_not(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        check_delta(Worker().delta(**fields))
