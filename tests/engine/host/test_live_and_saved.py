"""The running run and the saved one are the same numbers: both fold the same deltas."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.engine.host.collector import Collector
from loadtui.samples import error_kinds
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import (
    NO_BIN,
    CounterAdd,
    Delta,
    ErrorCount,
    ExceptionCount,
    RateAdd,
    TrendAdd,
    TrendInfo,
    encode_delta,
)
from loadtui.samples.error_kinds import OTHER_KINDS, KindCounts
from loadtui.samples.tally import Tally
from loadtui.samples.trend_bins import trend_bin_of
from loadtui.store.final_files import write_final_files
from loadtui.store.journal import JournalWriter, StageBegan
from loadtui.store.load_tallies import load_tallies
from loadtui.store.stored_run import Run
from tests.support.run_writer import RunWriter

STAGES = (("one", 0, 20.0), ("two", 20, 20.0))
END = 40
MOST_KINDS = 4

seconds = st.integers(-2, END + 5)
times = st.floats(0, END, allow_nan=False)
names = st.sampled_from("abc")
few = st.integers(1, 5)
requests = st.tuples(
    st.integers(0, 2), st.integers(0, 1), seconds, st.none() | st.integers(0, 5_000_000)
)
errors = st.builds(
    lambda name, message, count, first, last: ErrorCount(
        "GET", name, message, count, min(first, last), max(first, last)
    ),
    *(names, names, few, times, times),
)
exceptions = st.builds(
    lambda message, count, first, last: ExceptionCount(
        message, "line 1", count, min(first, last), max(first, last)
    ),
    *(st.sampled_from("abcdefgh"), few, times, times),
)
values = st.tuples(
    # Some of an earlier version, the others in eighths: their sums are exact in any order.
    st.integers(0, 900) | st.just(None),
    st.lists(st.integers(0, 7), min_size=1, max_size=5),
)


rates = st.builds(
    lambda name, endpoint, second, hits, misses: RateAdd(
        name, endpoint, second, hits, hits + misses
    ),
    *(names, names, seconds, few, few),
)


def added(name: str, endpoint: str, second: int, drawn: tuple[int | None, list[int]]) -> TrendAdd:
    old, eighths = drawn
    if old is not None:
        return TrendAdd(name, endpoint, second, old, len(eighths))
    near = [1024 + eighth / 8 for eighth in eighths]
    sums = sum(near), min(near), max(near)
    return TrendAdd(name, endpoint, second, trend_bin_of(1024.0), len(near), *sums)


deltas = st.fixed_dictionaries(
    {
        "worker": st.integers(0, 2),
        "step": st.sampled_from([1, 1, 1, 2, 0]),
        "requests": st.lists(requests, max_size=8),
        "errors": st.lists(errors, max_size=4),
        "errors_dropped": st.integers(0, 2),
        "exceptions": st.lists(exceptions, max_size=4),
        "counters": st.lists(st.builds(CounterAdd, names, names, seconds, few), max_size=3),
        "rates": st.lists(rates, max_size=3),
        "trends": st.lists(st.builds(added, names, names, seconds, values), max_size=3),
        "trend_infos": st.lists(
            st.builds(
                TrendInfo, names, st.sampled_from(["ms", "s"]), st.sampled_from(["lower", "higher"])
            ),
            max_size=2,
        ),
    }
)


def sent(drawn: list[dict[str, Any]]) -> list[bytes]:
    """The deltas of workers that announce their endpoints first; some come twice, some never."""
    seq: dict[int, int] = {}
    total: dict[int, int] = {}
    frames = []
    for fields in drawn:
        worker, step, asked = (fields.pop(name) for name in ("worker", "step", "requests"))
        announced = [] if worker in seq else [(n, "GET", f"/{n + worker}") for n in range(2)]
        seq[worker] = max(seq.get(worker, 0) + step, 1)
        total[worker] = total.get(worker, 0) + len(asked)
        delta = Delta(worker, seq[worker], total[worker], endpoints=announced, **fields)
        for endpoint, ok, second, us in asked:
            if us is None:
                delta.cells += (endpoint, ok, second, NO_BIN, 1)
                delta.windows += (endpoint, ok, second, 1, 0, -1, -1, 9)
            else:
                delta.cells += (endpoint, ok, second, bin_of(us), 1)
                delta.windows += (endpoint, ok, second, 1, us, us, us, 9)
        frames.append(encode_delta(delta))
    return frames


def sums(tallies: dict[Any, Tally]) -> dict[Any, list[Any]]:
    return {
        key: [getattr(tally, name) for name in Tally.__slots__] for key, tally in tallies.items()
    }


def metric_sums(tallies: dict[Any, Any]) -> dict[Any, tuple[Any, ...]]:
    return {key: (tally.count, tally.hits, tally.bins) for key, tally in tallies.items()}


def rows(kinds: KindCounts) -> list[tuple[Any, ...]]:
    """As a saved run has them."""
    listed = [(*kind, known.count, known.first, known.last) for kind, known in kinds.by_count()]
    return [*listed, *([(kinds.others,)] if kinds.others else [])]


@pytest.fixture(autouse=True, scope="module")
def _few_kinds() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(error_kinds, "MAX_KINDS", MOST_KINDS)
        yield


@settings(max_examples=60, deadline=None)
@given(st.lists(deltas, min_size=1, max_size=8))
def test_the_saved_run_is_what_was_seen_live(drawn: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        writer = RunWriter(Path(place) / "run")
        collector = Collector(JournalWriter(writer.journal))
        for name, start, length in STAGES:
            collector.begin_stage(StageBegan(name, start, 10, 5.0, 2.0, length))
        for frame in sent(drawn):
            collector.fold(frame)
        run = Run(writer.folder, write_final_files(writer.folder, writer.manifest("finished"),
                                                  end_second=END))  # fmt: skip
        saved, live = load_tallies(run), collector.tallies
        assert [(e.method, e.name) for e in run.manifest.endpoints] == collector.table.entries
        assert sums(saved.whole) == sums(live.whole)
        assert sums(saved.measured) == sums(live.measured)
        assert metric_sums(saved.metrics) == metric_sums(live.metrics)
        assert metric_sums(saved.metrics_measured) == metric_sums(live.metrics_measured)
        for name, info in saved.metric_infos.items():
            assert info == live.metric_infos.get(name, info)
        errors = run.errors().rows()
        assert [row if row[2] != OTHER_KINDS else (row[3],) for row in errors] == rows(
            collector.errors
        )
        raised = [
            (found.message, found.traceback, found.count, found.first, found.last)
            for found in run.exceptions()
        ]
        assert [row if row[0] != OTHER_KINDS else (row[2],) for row in raised] == rows(
            collector.exceptions
        )
        assert run.manifest.totals.exceptions == collector.exception_count
        assert sum(w.lost_deltas for w in run.manifest.workers) == collector.lost_deltas
        assert sum(w.lost_requests for w in run.manifest.workers) == collector.lost_requests


def test_two_workers_that_announce_one_trend_with_different_units(tmp_path: Path) -> None:
    writer = RunWriter(tmp_path / "run")
    collector = Collector(JournalWriter(writer.journal))
    collector.begin_stage(StageBegan("one", 0, 10, 5.0, 2.0, 20.0))
    for worker, unit in ((0, "ms"), (1, "s")):
        delta = Delta(
            worker, 1, 0,
            trends=[TrendAdd("ttft", "", 15, 300, 1)],
            trend_infos=[TrendInfo("ttft", unit, "lower")],
        )  # fmt: skip
        collector.fold(encode_delta(delta))
    manifest = write_final_files(writer.folder, writer.manifest("finished"), end_second=20)
    saved = load_tallies(Run(writer.folder, manifest))
    assert collector.tallies.metric_infos["ttft"] == saved.metric_infos["ttft"] == ("ms", "lower")
