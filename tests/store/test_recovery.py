from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.samples.delta import WorkerHealth
from loadtui.store import run_files, run_lock
from loadtui.store.books import BEGUN, BOOKS, RECORDED, make_books
from loadtui.store.final_files import write_final_files
from loadtui.store.recovery import BECAUSE, recover
from loadtui.store.stored_run import Run, verify_checksums
from loadtui.verdict.sides import judged_manifest
from tests.support.run_writer import RunWriter


def test_a_killed_run_is_whole_up_to_its_last_second(two_stages: RunWriter) -> None:
    two_stages.manifest("running")
    (two_stages.folder / run_files.SOCKET).write_text("")
    run = Run.open(two_stages.folder)
    assert (run.manifest.state, run.manifest.ended_because) == ("interrupted", BECAUSE)
    assert run.manifest.totals.requests == 15
    assert run.manifest.duration_s == 32.0
    assert run.manifest.stages[-1].end == 32
    assert run.windows().get_column("count").sum() == 15
    assert verify_checksums(run) == []
    assert not two_stages.journal.exists()
    assert not (two_stages.folder / run_files.SOCKET).exists()
    assert Run.open(two_stages.folder).manifest == run.manifest


def test_books_are_read_and_removed(two_stages: RunWriter) -> None:
    two_stages.manifest("running")
    page, _ = make_books(two_stages.folder, 2)
    page[BEGUN], page[RECORDED] = 30, 20
    run = Run.open(two_stages.folder)
    totals = run.manifest.totals
    assert (run.manifest.workers[0].requests, totals.lost, totals.unfinished) == (11, 9, 10)
    assert not (two_stages.folder / BOOKS).exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(share=st.floats(0, 1))
def test_a_journal_torn_anywhere_gives_a_run(
    tmp_path_factory: pytest.TempPathFactory, two_stages: RunWriter, share: float
) -> None:
    data = two_stages.journal.read_bytes()
    torn = RunWriter(tmp_path_factory.mktemp("torn"))
    torn.manifest("running")
    torn.journal.write_bytes(data[: round(share * len(data))])
    run = Run.open(torn.folder)
    totals = run.manifest.totals
    assert totals.requests in (0, 2, 6, 15)
    assert run.windows().get_column("count").sum() == totals.requests
    assert run.timeline().get_column("requests").sum() == totals.requests
    assert verify_checksums(run) == []


def test_a_run_whose_host_lives_is_left_alone(two_stages: RunWriter) -> None:
    two_stages.manifest("running")
    fd = run_lock.hold_run(two_stages.folder)
    run = Run.open(two_stages.folder)
    assert run.active
    assert run.manifest.state == "running"
    assert two_stages.journal.exists()
    with pytest.raises(UsageError, match="still running"):
        run.windows()
    os.close(fd)
    assert Run.open(two_stages.folder).manifest.state == "interrupted"


def test_a_host_that_died_before_its_journal(writer: RunWriter) -> None:
    writer.manifest("starting")
    run = Run.open(writer.folder)
    assert run.manifest.state == "interrupted"
    assert run.windows().height == 0


def test_a_host_that_died_between_manifest_and_journal(two_stages: RunWriter) -> None:
    manifest = two_stages.manifest("finished")
    data = two_stages.journal.read_bytes()
    expected = write_final_files(two_stages.folder, manifest, end_second=40)
    two_stages.journal.write_bytes(data)
    assert Run.open(two_stages.folder).manifest == expected
    assert not two_stages.journal.exists()


def test_a_host_that_died_between_tables_and_last_manifest(two_stages: RunWriter) -> None:
    manifest = two_stages.manifest("stopping")
    expected = write_final_files(two_stages.folder, manifest, end_second=40)
    run = Run.open(two_stages.folder)
    assert run.manifest.state == "interrupted"
    assert run.manifest.totals == expected.totals
    assert run.manifest.checksums == expected.checksums


def test_a_host_that_died_among_the_tables(
    two_stages: RunWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = two_stages.manifest("running")
    real = Path.replace
    done = []

    def replace(self: Path, target: Path) -> Path:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(target)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write_final_files(two_stages.folder, manifest)
    monkeypatch.undo()
    run = Run.open(two_stages.folder)
    assert run.manifest.totals.requests == 15
    assert verify_checksums(run) == []


def test_two_commands_at_once(two_stages: RunWriter) -> None:
    two_stages.manifest("running")
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: Run.open(two_stages.folder), range(4)))
    assert {run.manifest.state for run in runs} <= {"interrupted", "running"}
    run = Run.open(two_stages.folder)
    assert run.manifest.totals.requests == 15
    assert verify_checksums(run) == []


def test_who_waited_for_the_lock_finds_the_run_recovered(
    two_stages: RunWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_stages.manifest("running")
    first = recover(two_stages.folder)
    monkeypatch.setattr(run_lock, "is_held", lambda folder: False)
    assert recover(two_stages.folder) == first


def test_what_damage_cost_is_told(two_stages: RunWriter) -> None:
    two_stages.manifest("running")
    data = bytearray(two_stages.journal.read_bytes())
    data[len(data) // 2] ^= 1
    two_stages.journal.write_bytes(data)
    run = Run.open(two_stages.folder)
    assert run.manifest.state == "interrupted"
    [reason] = run.manifest.not_saved
    assert reason.startswith("the run's journal is damaged at byte ")
    assert reason.endswith(" after it could not be read, and what they say is missing")
    assert reason in judged_manifest(run).validity.reasons


def test_a_journal_that_makes_no_sense(writer: RunWriter) -> None:
    writer.manifest("running")
    writer.frame(b"D", ["not", "a", "delta"])
    with pytest.raises(UsageError, match=r"journal\.bin"):
        Run.open(writer.folder)
    assert writer.journal.exists()


def test_frames_of_a_kind_that_is_not_known_are_skipped(two_stages: RunWriter) -> None:
    two_stages.manifest("running")
    two_stages.frame(b"?", {"from": "the future"})
    assert Run.open(two_stages.folder).manifest.totals.requests == 15


def test_a_journal_with_a_second_in_the_far_future(writer: RunWriter) -> None:
    """As of a request whose start was given in milliseconds."""
    writer.manifest("running")
    writer.stage("L1", 0)
    for second in range(5):
        health = [WorkerHealth(second, 0.1, 0.0, 0.1, 1, 0)]
        odd = 10**9 if second % 2 else 1_790_000_000_000
        writer.delta(
            endpoints=[(0, "GET", "/")] if second == 0 else [],
            windows=[0, 1, second, 3, 30, 10, 10, 0, 0, 1, odd, 1, 10, 10, 10, 0],
            cells=[0, 1, second, 10, 3, 0, 1, odd, 10, 1],
            health=health,
        )
    run = Run.open(writer.folder)
    assert run.manifest.totals.requests == 20
    assert run.timeline().get_column("requests").to_list() == [4] * 5
    assert run.samples().get_column("count").sum() == 20
