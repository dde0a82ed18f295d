from __future__ import annotations

import tracemalloc
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.engine import wall_clock
from loadtui.engine.encodable import MARK
from loadtui.engine.wall_clock import epoch_of
from loadtui.engine.worker.recorder import Recorder
from loadtui.samples.bins import MAX_US, bin_of
from loadtui.samples.delta import (
    CELL_WIDTH,
    NO_BIN,
    WINDOW_WIDTH,
    BinCount,
    Delta,
    LateCount,
    WindowSums,
    encode_delta,
)
from loadtui.samples.endpoint_table import FURTHER, MAX_ENDPOINTS, MAX_NAME
from loadtui.store.books import DROPPED, LATE, RECORDED

EPOCH = 1_790_000_000.25


def rows(flat: list[int], width: int) -> list[list[int]]:
    assert len(flat) % width == 0
    return [flat[at : at + width] for at in range(0, len(flat), width)]


def taken(one: Recorder) -> tuple[list[tuple[int, str, str]], list[BinCount], list[WindowSums]]:
    endpoints, cells, windows = one.take()
    return (
        endpoints,
        sorted(BinCount(*row) for row in rows(cells, CELL_WIDTH)),
        sorted(WindowSums(*row) for row in rows(windows, WINDOW_WIDTH)),
    )


@pytest.fixture
def begun() -> Recorder:
    one = Recorder()
    one.begin(EPOCH)
    return one


def test_a_request_is_a_cell_and_a_window(begun: Recorder) -> None:
    begun.record("GET", "/a", EPOCH + 3.5, 12.3456, 77, True)
    assert taken(begun) == (
        [(0, "GET", "/a")],
        [BinCount(0, 1, 3, bin_of(12346), 1)],
        [WindowSums(0, 1, 3, 1, 12346, 12346, 12346, 77)],
    )
    assert begun.total == 1


def test_seconds_are_those_of_the_start(begun: Recorder) -> None:
    for start in (0.0, 0.999, 1.0, 1.001, 0.5, 2.0):  # late ones come after newer ones
        begun.record("GET", "/", EPOCH + start, 5000.0, 0, True)
    _, _, windows = taken(begun)
    assert [(w.second, w.count) for w in windows] == [(0, 3), (1, 2), (2, 1)]


def test_what_starts_before_second_0_belongs_to_it(begun: Recorder) -> None:
    begun.record("GET", "/", EPOCH - 5, 1.0, 0, True)
    begun.record("GET", "/", EPOCH + 0.1, 1.0, 0, True)
    _, _, (window,) = taken(begun)
    assert (window.second, window.count) == (0, 2)


def test_before_begin_everything_is_second_0() -> None:
    one = Recorder()
    one.record("GET", "/", EPOCH, 1.0, 0, True)
    one.record("GET", "/", EPOCH + 50, 1.0, 0, True)
    one.begin(EPOCH + 100)
    one.record("GET", "/", EPOCH + 100.5, 1.0, 0, True)
    one.record("GET", "/", EPOCH + 101.5, 1.0, 0, True)
    _, _, windows = taken(one)
    assert [(w.second, w.count) for w in windows] == [(0, 3), (1, 1)]


@pytest.mark.parametrize("step", [-3600.0, -0.4, 0.4, 3600.0])
def test_a_step_of_the_wall_clock(begun: Recorder, step: float) -> None:
    begun.record("GET", "/", EPOCH + 10.5, 1.0, 0, True)
    begun.begin(EPOCH + step)
    begun.record("GET", "/", EPOCH + step + 10.5, 1.0, 0, True)
    _, _, (window,) = taken(begun)
    assert (window.second, window.count) == (10, 2)


def test_no_response_time_is_counted_without_a_bin(begun: Recorder) -> None:
    begun.record("WS", "open", EPOCH, None, 5, False)
    begun.record("WS", "open", EPOCH, 2.0, 5, False)
    begun.record("WS", "open", EPOCH, None, 5, False)
    begun.record("WS", "closed", EPOCH, None, 0, True)
    _, cells, windows = taken(begun)
    assert cells == [
        BinCount(0, 0, 0, bin_of(2000), 1),
        BinCount(0, 0, 0, NO_BIN, 2),
        (1, 1, 0, NO_BIN, 1),
    ]
    assert windows == [
        WindowSums(0, 0, 0, 3, 2000, 2000, 2000, 15),
        WindowSums(1, 1, 0, 1, 0, -1, -1, 0),
    ]


@pytest.mark.parametrize(
    ("ms", "us"),
    [(-1.0, 0), (0.0, 0), (0.0004, 0), (0.0005, 1), (0.2554, 255), (0.2556, 256), (1e12, MAX_US)],
)
def test_latencies_at_the_ends_of_the_scale(begun: Recorder, ms: float, us: int) -> None:
    begun.record("GET", "/", EPOCH, ms, 0, True)
    _, (cell,), (window,) = taken(begun)
    assert cell.bin == bin_of(us)
    assert (window.sum_us, window.min_us, window.max_us) == (us, us, us)


def test_exact_sums_and_extremes(begun: Recorder) -> None:
    for ms in (20.0, 10.0, 30.0, 15.0, 10.001):
        begun.record("GET", "/", EPOCH, ms, 2, True)
    _, _, (window,) = taken(begun)
    assert window == WindowSums(0, 1, 0, 5, 85_001, 10_000, 30_000, 10)


def test_take_empties_but_numbers_and_total_stay(begun: Recorder) -> None:
    begun.record("GET", "/a", EPOCH, 1.0, 0, True)
    begun.take()
    assert begun.take() == ([], [], [])
    begun.record("GET", "/b", EPOCH, 1.0, 0, True)
    begun.record("GET", "/a", EPOCH, 1.0, 0, True)
    endpoints, _, windows = taken(begun)
    assert endpoints == [(1, "GET", "/b")]
    assert [(w.endpoint, w.count) for w in windows] == [(0, 1), (1, 1)]
    assert begun.total == 3


def test_endpoints_that_are_no_utf8_can_be_sent(begun: Recorder) -> None:
    begun.record("GET", "/\ud83d", EPOCH, 1.0, 0, True)
    endpoints, cells, windows = begun.take()
    assert endpoints == [(0, "GET", "/?")]
    assert encode_delta(Delta(0, 1, 1, endpoints, cells, windows))


REQUEST = st.tuples(
    st.just("GET"),
    st.sampled_from(["/", "/a"]),
    st.floats(-1.0, 3.0).map(lambda after: EPOCH + after),
    st.none() | st.floats(0.0, 100_000.0),
    st.integers(0, 10**9),
    st.booleans(),
)
TAKE = st.just("take")


@given(st.lists(REQUEST | TAKE, max_size=60))
def test_sums_equal_naive_sums(steps: list[Any]) -> None:
    one = Recorder()
    one.begin(EPOCH)
    numbers: dict[int, tuple[str, str]] = {}
    cells: dict[tuple[Any, ...], int] = defaultdict(int)
    windows: dict[tuple[Any, ...], list[int]] = {}
    naive_cells: dict[tuple[Any, ...], int] = defaultdict(int)
    naive: dict[tuple[Any, ...], list[tuple[int | None, int]]] = defaultdict(list)

    def take() -> None:
        endpoints, cell_rows, window_rows = taken(one)
        numbers.update({number: (method, name) for number, method, name in endpoints})
        for cell in cell_rows:
            cells[(*numbers[cell.endpoint], cell.ok, cell.second, cell.bin)] += cell.count
        for w in window_rows:
            row = windows.setdefault((*numbers[w.endpoint], w.ok, w.second), [0, 0, -1, -1, 0])
            row[0] += w.count
            row[1] += w.sum_us
            row[2] = min((m for m in (row[2], w.min_us) if m >= 0), default=-1)
            row[3] = max(row[3], w.max_us)
            row[4] += w.bytes

    for step in steps:
        if step == "take":
            take()
            continue
        one.record(*step)
        method, name, start, ms, size, ok = step
        key = method, name, int(ok), max(int(start - EPOCH), 0)
        us = None if ms is None else int(ms * 1000 + 0.5)
        naive_cells[(*key, NO_BIN if us is None else bin_of(us))] += 1
        naive[key].append((us, size))
    take()

    assert cells == naive_cells
    assert one.total == sum(len(requests) for requests in naive.values())
    assert windows == {
        key: [
            len(requests),
            sum(us or 0 for us, _ in requests),
            min((us for us, _ in requests if us is not None), default=-1),
            max((us for us, _ in requests if us is not None), default=-1),
            sum(size for _, size in requests),
        ]
        for key, requests in naive.items()
    }


def test_epoch_of_a_monotonic_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock:
        time = staticmethod(lambda: 2000.0)
        monotonic = staticmethod(lambda: 50.0)

    monkeypatch.setattr(wall_clock, "time", Clock)
    assert epoch_of(42.0) == 1992.0


def test_long_names_are_cut_and_counted_under_what_is_left(begun: Recorder) -> None:
    for end in "ab":
        begun.record("GET", "/" + "x" * 8_000 + end, EPOCH + 1, 1.0, 1, True)
    begun.record("GET", "/" + "x" * (MAX_NAME - 1), EPOCH + 1, 1.0, 1, True)
    endpoints, _, windows = taken(begun)
    assert [(len(name), name[-1]) for _, _, name in endpoints] == [
        (MAX_NAME, MARK),
        (MAX_NAME, "x"),
    ]
    assert [window.count for window in windows] == [2, 1]


def test_past_so_many_endpoints_the_further_ones_are_counted_together(begun: Recorder) -> None:
    for number in range(MAX_ENDPOINTS + 30):
        begun.record("GET", f"/item/{number}", EPOCH + 1, 1.0, 1, True)
    begun.record("GET", "/item/0", EPOCH + 1, 1.0, 1, True)
    endpoints, _, windows = taken(begun)
    assert len(endpoints) == MAX_ENDPOINTS + 1
    assert endpoints[-1] == (MAX_ENDPOINTS, *FURTHER)
    assert (windows[0].count, windows[-1].count) == (2, 30)
    begun.record("GET", f"/item/{MAX_ENDPOINTS + 3}", EPOCH + 1, 1.0, 1, True)
    endpoints, _, (window,) = taken(begun)
    assert (endpoints, window.endpoint) == ([], MAX_ENDPOINTS)


def test_what_starts_after_the_end_is_counted_apart(begun: Recorder) -> None:
    begun.record("GET", "/a", EPOCH + 3.1, 5.0, 1, True)
    begun.end(3.4)
    begun.record("GET", "/a", EPOCH + 3.3, 700.0, 1, True)  # it only ends after it
    for start in (3.4, 3.9, 2e6):
        begun.record("GET", "/a", EPOCH + start, 5.0, 1, True)
    begun.record("GET", "/bye", EPOCH + 3.5, 5.0, 1, False)
    assert begun.total == 2
    assert begun.take_late() == [LateCount(0, 1, 3), LateCount(1, 0, 1)]
    endpoints, _, windows = taken(begun)
    assert endpoints == [(0, "GET", "/a"), (1, "GET", "/bye")]
    assert [(row.endpoint, row.second, row.count) for row in windows] == [(0, 3, 2)]
    assert begun.take_late() == []
    assert [begun.is_late(EPOCH + start) for start in (3.3, 3.5)] == [False, True]


def test_the_end_is_that_of_the_run_when_the_clock_is_stepped(begun: Recorder) -> None:
    begun.end(3.5)
    begun.begin(EPOCH + 100)
    begun.record("GET", "/a", EPOCH + 103.2, 5.0, 1, True)
    begun.record("GET", "/a", EPOCH + 103.6, 5.0, 1, True)
    assert begun.total == 1


def test_what_is_recorded_is_in_the_books(begun: Recorder) -> None:
    begun.end(10.0)
    for start in (1.0, 1.5, 9.9, 10.0):
        begun.record("GET", "/a", EPOCH + start, 1.0, 0, True)
    begun.record("GET", "/a", EPOCH + 11, None, 0, False)
    assert [begun.page[place] for place in (RECORDED, DROPPED, LATE)] == [3, 0, 2]
    assert begun.total == 3


def test_long_names_are_not_held() -> None:
    one = Recorder()
    one.begin(EPOCH)
    tracemalloc.start()
    try:
        for number in range(20):
            one.record("GET", f"{number % 2}" + "x" * (1 << 20), EPOCH, 1.0, 1, True)
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert held < 1 << 20
    endpoints, _, windows = taken(one)
    assert [len(name) for _, _, name in endpoints] == [MAX_NAME, MAX_NAME]
    assert [row.count for row in windows] == [10, 10]
