"""Whatever the workers send, the kept numbers are those that plain addition gives."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loadtui.samples.endpoint_table import EndpointTable
from loadtui.samples.stage_clock import StageClock
from loadtui.samples.tallies import Tallies
from loadtui.samples.tally import Tally
from loadtui.store import rows
from loadtui.store.final_files import write_final_files
from loadtui.store.load_tallies import load_tallies
from loadtui.store.stored_run import Run
from tests.support.run_writer import RunWriter

NAMES = ("/a", "/b", "/c")
STARTS = (0, 7, 20)
END = 30

REQUEST = st.tuples(
    st.integers(0, 2),  # worker
    st.sampled_from(NAMES),
    st.integers(0, 1),  # ok
    st.integers(0, 35),  # second
    st.integers(0, 2000),  # latency, below 256 its own bin
)


def send(writer: RunWriter, requests: list[tuple[int, str, int, int, int]]) -> None:
    """Each request in a delta of its own, every worker numbering endpoints in its own order."""
    known: dict[int, list[str]] = {}
    for worker, name, ok, second, us in requests:
        mine = known.setdefault(worker, [])
        new = name not in mine
        if new:
            mine.append(name)
        number = mine.index(name)
        writer.delta(
            worker,
            endpoints=[(number, "GET", name)] if new else [],
            cells=[number, ok, second, min(us, 255), 1],
            windows=[number, ok, second, 1, us, us, us, 3],
        )


def contents(tallies: dict[tuple[int, int], Tally]) -> dict[tuple[int, int], list[object]]:
    return {
        key: [getattr(tally, slot) for slot in Tally.__slots__] for key, tally in tallies.items()
    }


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests=st.lists(REQUEST, max_size=60))
def test_kept_tallies_are_the_live_ones(
    requests: list[tuple[int, str, int, int, int]],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Small enough that rows are packed and merged many times.
    monkeypatch.setattr(rows, "_CHUNK", 24)
    monkeypatch.setattr(rows, "_CHUNKS", 2)
    writer = RunWriter(tmp_path_factory.mktemp("run"))
    for number, start in enumerate(STARTS):
        writer.stage(f"L{number}", start, ramp_s=1.0, planned_s=None)
    send(writer, requests)
    run = Run(
        writer.folder, write_final_files(writer.folder, writer.manifest("finished"), end_second=END)
    )

    live, clock, table = Tallies(), StageClock(STARTS), EndpointTable()
    stages = run.manifest.stages
    for _, name, ok, second, us in requests:
        stage, endpoint = clock.stage_of(second), table.add("GET", name)
        measured = stages[stage].measured_from <= second < stages[stage].measured_to
        live.add_cell(stage, endpoint, measured, min(us, 255), 1)
        live.add_window(stage, endpoint, measured, ok, 1, us, us, us, 3)
    saved = load_tallies(run)
    assert [(one.method, one.name) for one in run.manifest.endpoints] == table.entries
    assert contents(saved.whole) == contents(live.whole)
    assert contents(saved.measured) == contents(live.measured)

    assert run.manifest.totals.requests == len(requests)
    assert run.manifest.totals.failures == sum(not ok for _, _, ok, _, _ in requests)
    by_worker = Counter(worker for worker, *_ in requests)
    assert {worker.index: worker.requests for worker in run.manifest.workers} == by_worker
    started = Counter(second for _, _, _, second, _ in requests)
    timeline = run.timeline().select("second", "requests").rows()
    assert {second: count for second, count in timeline if count} == started
