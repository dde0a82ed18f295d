from __future__ import annotations

import hashlib
import json
import resource
from pathlib import Path

import polars as pl
import pytest

from loadtui.samples import table_schemas
from loadtui.samples.delta import (
    NO_BIN,
    CounterAdd,
    ErrorCount,
    ExceptionCount,
    RateAdd,
    RemarkCount,
    TrendAdd,
    TrendInfo,
    WorkerHealth,
)
from loadtui.samples.endpoint_table import UNKNOWN
from loadtui.samples.error_kinds import MAX_KINDS, OTHER_KINDS
from loadtui.store import journal_contents, run_files
from loadtui.store.books import BEGUN, BOOKS, DROPPED, LATE, RECORDED, make_books
from loadtui.store.final_files import write_final_files
from loadtui.store.manifest import Remark, StageSpan, WorkerRecord
from loadtui.store.manifest_file import read_manifest
from loadtui.store.stored_run import Run
from tests.support.run_writer import RunWriter


def finished(writer: RunWriter, end_second: int = 40, **fields: object) -> Run:
    manifest = writer.manifest("finished", **fields)
    return Run(writer.folder, write_final_files(writer.folder, manifest, end_second=end_second))


def test_all_sums_are_exact(two_stages: RunWriter) -> None:
    run = finished(two_stages)
    totals = run.manifest.totals
    assert (totals.requests, totals.failures, totals.unfinished) == (15, 1, 3)
    assert totals.users_max == 20
    assert [(worker.index, worker.requests) for worker in run.manifest.workers] == [(0, 11), (1, 4)]
    assert [endpoint.label for endpoint in run.manifest.endpoints] == ["GET /a", "GET /b"]
    assert run.windows().rows() == [
        (0, 0, False, 12, 1, 1800, 1800, 1800, 9),
        (0, 0, True, 0, 2, 2000, 990, 1010, 20),
        (0, 0, True, 12, 2, 2000, 1000, 1000, 8),
        (0, 1, True, 12, 1, 100, 100, 100, 7),
        (1, 0, True, 31, 4, 4000, 1000, 1000, 4),
        (1, 1, True, 31, 5, 0, None, None, 5),
    ]
    assert run.samples().rows() == [
        (0, 0, False, 12, 600, 1),
        (0, 0, True, 0, 506, 2),
        (0, 0, True, 12, 506, 2),
        (0, 1, True, 12, 100, 1),
        (1, 0, True, 31, 506, 4),
    ]


def test_tables_have_their_columns(two_stages: RunWriter) -> None:
    run = finished(two_stages)
    assert run.samples().schema == pl.Schema(table_schemas.SAMPLE_COLUMNS)
    assert run.windows().schema == pl.Schema(table_schemas.WINDOW_COLUMNS)
    assert run.timeline().schema == pl.Schema(table_schemas.TIMELINE_COLUMNS)
    assert run.metrics().schema == pl.Schema(table_schemas.METRIC_COLUMNS)
    assert run.errors().schema == pl.Schema(table_schemas.ERROR_COLUMNS)


def test_deltas_of_one_second_add_up(writer: RunWriter) -> None:
    writer.stage("L1", 0)
    for _ in range(3):
        writer.delta(
            0,
            endpoints=[(0, "GET", "/")],
            cells=[0, 1, 4, 9, 2],
            windows=[0, 1, 4, 2, 18, 8, 10, 1],
        )
    writer.delta(
        1, endpoints=[(0, "GET", "/")], cells=[0, 1, 4, 9, 5], windows=[0, 1, 4, 5, 45, 7, 11, 1]
    )
    run = finished(writer)
    assert run.samples().rows() == [(0, 0, True, 4, 9, 11)]
    assert run.windows().rows() == [(0, 0, True, 4, 11, 99, 7, 11, 4)]


def test_stages_end_and_settle(two_stages: RunWriter) -> None:
    assert finished(two_stages).manifest.stages == [
        StageSpan("L1", 0, 30, 10, 5.0, measured_from=5, measured_to=30, planned_s=30.0),
        StageSpan("L2", 30, 40, 20, 5.0, measured_from=33, measured_to=40, planned_s=None),
    ]


def test_requests_outside_every_stage(writer: RunWriter) -> None:
    writer.stage("L1", 3)
    writer.stage("L2", 6)
    writer.delta(
        endpoints=[(0, "", "x")],
        windows=[0, 1, 1, 1, 5, 5, 5, 0, 0, 1, 99, 1, 5, 5, 5, 0, 0, 1, -1, 1, 5, 5, 5, 0],
    )
    assert finished(writer, 10).windows().select("stage", "second").rows() == [
        (0, 0),
        (0, 1),
        (1, 99),
    ]


def test_the_timeline_has_every_second(two_stages: RunWriter) -> None:
    two_stages.delta(
        0, health=[WorkerHealth(12, 0.75, 0.125, 2.5, 5, 1), WorkerHealth(13, 0.5, 0, 1, 6, 3)]
    )
    two_stages.delta(1, health=[WorkerHealth(13, 0.25, 0, 1, 2, 4)])
    timeline = finished(two_stages).timeline()
    assert timeline.get_column("second").to_list() == list(range(40))
    assert timeline.get_column("requests").sum() == 15
    assert timeline.get_column("failures").sum() == 1
    assert timeline.get_column("stage").to_list() == [0] * 30 + [1] * 10
    rows = timeline.to_dicts()
    # The host noted worker 0 alone, and what worker 0 said of second 12 came too late for it.
    assert rows[0]["cpu"] == [0.25, None]
    assert rows[12]["cpu"] == [0.25, None]
    assert rows[12]["lag_ms"] == [1.5, None]
    assert (rows[12]["completed"], rows[12]["in_flight"], rows[12]["mark"]) == (5, 2, "deploy")
    # Of second 13 there is only what the workers said.
    assert (rows[13]["users"], rows[13]["in_flight"], rows[13]["cpu"]) == (8, 7, [0.5, 0.25])
    assert (rows[14]["users"], rows[14]["cpu"], rows[14]["mark"]) == (8, [None, None], "")


def test_marks_and_steering(two_stages: RunWriter) -> None:
    two_stages.mark(33.0, "users", "users 20 -> 5")
    manifest = finished(two_stages).manifest
    assert [mark.text for mark in manifest.marks] == ["deploy", "users 20 -> 5"]
    assert manifest.steered
    assert [stage.steered for stage in manifest.stages] == [False, True]


def test_no_one_steered(two_stages: RunWriter) -> None:
    manifest = finished(two_stages).manifest
    assert not manifest.steered
    assert not any(stage.steered for stage in manifest.stages)


def test_a_gap_in_the_sequence_is_counted(writer: RunWriter) -> None:
    window = [0, 1, 0, 1, 5, 5, 5, 0]
    writer.delta(0, endpoints=[(0, "GET", "/")], windows=window)
    writer.delta(0, seq=4, windows=window, total=6)
    writer.delta(1, seq=2, endpoints=[(0, "GET", "/")], windows=window, total=1)
    run = finished(writer, workers=[WorkerRecord(0, 77, "here"), WorkerRecord(2, 79, "here")])
    assert run.manifest.workers == [
        WorkerRecord(0, 77, "here", requests=2, lost_deltas=2, lost_requests=4),
        WorkerRecord(1, 0, "", requests=1, lost_deltas=1),
        WorkerRecord(2, 79, "here"),
    ]


def test_what_a_killed_worker_had_in_hand_is_in_the_books(writer: RunWriter) -> None:
    window = [0, 1, 0, 6, 5, 5, 5, 0]
    writer.delta(0, endpoints=[(0, "GET", "/")], windows=window)
    pages = make_books(writer.folder, 3)
    pages[0][BEGUN], pages[0][RECORDED], pages[0][DROPPED], pages[0][LATE] = 19, 8, 1, 7
    pages[2][BEGUN] = 2
    run = finished(writer, workers=[WorkerRecord(0, 77, "here"), WorkerRecord(1, 78, "here")])
    assert run.manifest.workers == [
        WorkerRecord(0, 77, "here", requests=6, started=11, unfinished=3, lost_requests=2),
        WorkerRecord(1, 78, "here"),
        WorkerRecord(2, 0, "", started=2, unfinished=2),
    ]
    totals = run.manifest.totals
    assert (totals.started, totals.requests, totals.unfinished, totals.lost) == (13, 6, 5, 2)
    assert totals.late == 7
    assert not (writer.folder / BOOKS).exists()


def test_books_that_do_not_balance(writer: RunWriter) -> None:
    writer.delta(0, endpoints=[(0, "GET", "/")], windows=[0, 1, 0, 6, 5, 5, 5, 0])
    [page] = make_books(writer.folder, 1)
    page[BEGUN] = page[RECORDED] = 5
    [worker] = finished(writer).manifest.workers
    assert worker.unbalanced
    assert (worker.requests, worker.started, worker.lost_requests) == (6, 5, 0)


def test_a_delta_that_came_twice_counts_once(writer: RunWriter) -> None:
    window = [0, 1, 0, 1, 5, 5, 5, 0]
    writer.delta(0, endpoints=[(0, "GET", "/")], windows=window)
    writer.delta(0, seq=1, windows=window)
    manifest = finished(writer).manifest
    assert manifest.totals.requests == 1
    assert manifest.workers[0].lost_deltas == 0


def test_requests_whose_endpoint_was_never_announced_are_kept(writer: RunWriter) -> None:
    writer.delta(0, seq=2, cells=[3, 1, 0, 5, 1], windows=[3, 1, 0, 1, 5, 5, 5, 0])
    run = finished(writer)
    assert run.manifest.totals.requests == 1
    assert (run.manifest.endpoints[0].method, run.manifest.endpoints[0].name) == UNKNOWN


def test_latencies_without_a_bin_are_in_no_sample(writer: RunWriter) -> None:
    writer.delta(
        endpoints=[(0, "GET", "/")],
        cells=[0, 1, 0, NO_BIN, 4],
        windows=[0, 1, 0, 4, 0, -1, -1, 3],
    )
    run = finished(writer)
    assert run.samples().height == 0
    assert run.windows().rows() == [(0, 0, True, 0, 4, 0, None, None, 3)]


def test_a_minimum_is_that_of_the_requests_that_have_one(writer: RunWriter) -> None:
    writer.delta(endpoints=[(0, "GET", "/")], windows=[0, 1, 0, 1, 0, -1, -1, 0])
    writer.delta(windows=[0, 1, 0, 1, 70, 70, 70, 0])
    assert finished(writer).windows().rows() == [(0, 0, True, 0, 2, 70, 70, 70, 0)]


def test_custom_metrics(writer: RunWriter) -> None:
    writer.stage("L1", 0)
    writer.stage("L2", 10)
    writer.delta(
        0,
        counters=[CounterAdd("violations", "", 1, 0), CounterAdd("violations", "", 11, 2)],
        rates=[RateAdd("timeouts", "GET /", 11, 1, 4)],
        trends=[TrendAdd("ttft", "GET /", 11, 9006, 3, 24.5, 8.0, 8.5)],
        trend_infos=[TrendInfo("ttft", "ms", "higher")],
    )
    writer.delta(
        1,
        counters=[CounterAdd("violations", "", 11, 5)],
        rates=[RateAdd("timeouts", "GET /", 11, 0, 4)],
        trends=[
            TrendAdd("ttft", "GET /", 11, 9006, 1, 7.5, 7.5, 7.5),
            TrendAdd("ttft", "GET /", 11, 9007, 1, 9.0, 9.0, 9.0),
        ],
    )
    assert finished(writer).metrics().rows() == [
        ("counter", "violations", "", "lower", "", 0, 1, None, 0, 0, None, None, None),
        ("counter", "violations", "", "lower", "", 1, 11, None, 7, 0, None, None, None),
        ("rate", "timeouts", "", "lower", "GET /", 1, 11, None, 8, 1, None, None, None),
        ("trend", "ttft", "ms", "higher", "GET /", 1, 11, 9006, 4, 0, 32.0, 7.5, 8.5),
        ("trend", "ttft", "ms", "higher", "GET /", 1, 11, 9007, 1, 0, 9.0, 9.0, 9.0),
    ]


def test_errors_of_several_workers_meet(writer: RunWriter) -> None:
    writer.delta(0, errors=[ErrorCount("GET", "/", "503", 2, 4.5, 6.0)])
    writer.delta(0, errors=[ErrorCount("GET", "/", "timeout", 9, 1.0, 1.0)])
    writer.delta(1, errors=[ErrorCount("GET", "/", "503", 3, 3.5, 5.0)])
    assert finished(writer).errors().rows() == [
        ("GET", "/", "timeout", 9, 1.0, 1.0),
        ("GET", "/", "503", 5, 3.5, 6.0),
    ]


def test_past_a_thousand_kinds_errors_are_only_counted(writer: RunWriter) -> None:
    kinds = [ErrorCount("GET", "/", f"id {number}", 2, 0.0, 1.0) for number in range(MAX_KINDS + 7)]
    writer.delta(errors=kinds, errors_dropped=4)
    writer.delta(errors=[ErrorCount("GET", "/", "id 3", 1, 2.0, 2.0)])
    errors = finished(writer).errors()
    assert errors.height == MAX_KINDS + 1
    assert errors.get_column("count").sum() == 2 * (MAX_KINDS + 7) + 4 + 1
    assert errors.row(0) == ("GET", "/", "id 3", 3, 0.0, 2.0)
    assert errors.row(-1) == ("", "", OTHER_KINDS, 18, None, None)


def test_exceptions_keep_their_traceback(writer: RunWriter) -> None:
    writer.delta(exceptions=[ExceptionCount("KeyError: 'x'", "Traceback ...\n", 2, 1.0, 2.0)])
    writer.delta(exceptions=[ExceptionCount("KeyError: 'x'", "Traceback ...\n", 1, 5.0, 5.0)])
    run = finished(writer)
    assert run.manifest.totals.exceptions == 3
    (exception,) = run.exceptions()
    assert (exception.message, exception.traceback) == ("KeyError: 'x'", "Traceback ...\n")
    assert (exception.count, exception.first, exception.last) == (3, 1.0, 5.0)


def test_names_of_any_script_survive(writer: RunWriter) -> None:
    name = '결제 "🚀" / a\'b\n\t'
    writer.delta(
        endpoints=[(0, "GET", name)],
        windows=[0, 0, 0, 1, 5, 5, 5, 0],
        errors=[ErrorCount("GET", name, "왜?", 1, 0.0, 0.0)],
    )
    run = Run.open(finished(writer).folder)
    assert run.manifest.endpoints[0].name == name
    assert run.errors().row(0)[1:3] == (name, "왜?")


def test_more_endpoints_and_stages_than_a_column_holds(
    writer: RunWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_contents, "MAX_ENDPOINTS", 100_000)
    for stage in range(300):
        writer.stage(f"S{stage}", stage)
    numbers = range(65_537)
    writer.delta(
        endpoints=[(number, "GET", str(number)) for number in numbers],
        windows=[value for number in numbers for value in (number, 1, 299, 1, 5, 5, 5, 0)],
    )
    run = finished(writer, 300)
    windows = run.windows()
    assert windows.get_column("endpoint").to_list() == list(numbers)
    assert windows.get_column("stage").unique().to_list() == [299]
    assert len(run.manifest.endpoints) == 65_537


def test_a_run_without_a_single_frame(writer: RunWriter) -> None:
    run = finished(writer, 0)
    assert run.manifest.totals.requests == 0
    for frame in (run.samples(), run.windows(), run.timeline(), run.metrics(), run.errors()):
        assert frame.height == 0
    assert run.exceptions() == []


def test_the_manifest_is_written_and_the_journal_gone(two_stages: RunWriter) -> None:
    run = finished(two_stages, note="전 배포", tags=["nightly"])
    assert read_manifest(run.folder) == run.manifest
    text = (run.folder / run_files.MANIFEST).read_text(encoding="utf-8")
    assert "전 배포" in text
    assert json.loads(text)["tags"] == ["nightly"]
    left = {path.name for path in run.folder.iterdir()}
    assert left == {run_files.MANIFEST, run_files.EXCEPTIONS, *run_files.TABLES}
    for name, digest in run.manifest.checksums.items():
        assert hashlib.sha256((run.folder / name).read_bytes()).hexdigest() == digest


def test_a_file_that_cannot_be_written_keeps_the_journal(
    two_stages: RunWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = two_stages.manifest("finished")
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target.name == run_files.ERRORS:
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OSError, match="No space"):
        write_final_files(two_stages.folder, manifest, end_second=40)
    assert two_stages.journal.exists()
    assert not list(two_stages.folder.glob(".*.tmp"))
    monkeypatch.undo()
    assert write_final_files(two_stages.folder, manifest, end_second=40).totals.requests == 15


def test_numbers_that_fit_nowhere_are_an_error(writer: RunWriter) -> None:
    writer.delta(endpoints=[(0, "GET", "/")], cells=[0, 1, 0, 2**40, 1])
    with pytest.raises(ValueError, match="bin"):
        finished(writer)


def test_remarks_of_all_workers_are_told_once(writer: RunWriter) -> None:
    writer.stage("L1", 0)
    writer.delta(0, remarks=[RemarkCount("values were no numbers", 2), RemarkCount("other", 1)])
    writer.delta(1, remarks=[RemarkCount("values were no numbers", 3)])
    run = finished(writer)
    told = [Remark("values were no numbers", 5), Remark("other", 1)]
    assert run.manifest.remarks == read_manifest(run.folder).remarks == told


def test_a_table_on_a_full_disk_is_an_error_of_the_disk(two_stages: RunWriter) -> None:
    """Whatever polars makes of it."""
    manifest = two_stages.manifest("finished")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_final_files(two_stages.folder, manifest, end_second=40)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(two_stages.folder.glob("*.parquet"))
    assert not list(two_stages.folder.glob(".*.tmp"))
    write_final_files(two_stages.folder, manifest, end_second=40)
