"""Imported runs as kept ones: judged, compared, promoted and told of like others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from loadtui.errors import UsageError
from loadtui.importing import imported_run
from loadtui.importing.imported_run import store_imported_run
from loadtui.importing.source import ImportSource
from loadtui.plan.model import Plan
from loadtui.report.json.run_document import run_document
from loadtui.report.text.run_text import run_text
from loadtui.store.baseline_file import read_baseline
from loadtui.store.rows import Rows
from loadtui.store.run_folder import runs_root
from loadtui.store.stored_run import Run, verify_checksums
from loadtui.verdict.compare_sides import compare_sides
from loadtui.verdict.promotion import promote
from loadtui.verdict.run_curves import RunCurves
from loadtui.verdict.sides import read_side, side_of_runs
from tests.support.locust_files import stats_csv
from tests.support.stored_runs import Traffic, keep_run

Written = Callable[..., Path]
SaveRun = Callable[..., Run]
Read = Callable[..., ImportSource]

SHOP = ("shop_stats.csv", "shop_stats_history.csv", "shop_failures.csv", "shop_exceptions.csv")
GOOD = {("GET", "/"): (1000, 0), ("POST", "/b"): (500, 2)}


@pytest.mark.parametrize("length", [93, 1e15])
def test_nothing_is_noted_of_seconds_that_the_source_does_not_tell_of(
    saved: SaveRun, written: Written, length: float
) -> None:
    document = {"duration_s": length, "gateway": {"p95_latency_ms": 317, "rps": 83}}
    run = saved(written("m.json", json.dumps(document)))
    assert run.timeline().is_empty()
    assert run.manifest.length_s == length


def test_a_run_without_samples_is_whole_and_judged(saved: SaveRun, data: Path) -> None:
    run = Run.open(saved(*SHOP).folder)

    manifest = run.manifest
    assert verify_checksums(run) == []
    assert manifest.provenance.kind == "imported"
    assert manifest.provenance.source == f"Locust CSV: {', '.join(SHOP)}"
    assert manifest.provenance.resolution == 0.048
    assert manifest.plan.name == "shop"
    assert (manifest.totals.requests, manifest.totals.failures) == (153, 46)
    assert (manifest.totals.users_max, manifest.totals.exceptions) == (4, 16)
    assert manifest.started == "2026-11-23T08:47:00Z"
    assert (manifest.verdict, manifest.exit_code) == ("fail", 1)
    assert manifest.validity.valid
    assert run.samples().is_empty()
    timeline = run.timeline()
    assert timeline["requests"].sum() == 153
    assert timeline["failures"].sum() == 46
    assert manifest.imported is not None
    assert [file.name for file in manifest.imported.files] == list(SHOP)


def test_what_is_not_known_is_null_and_not_0(saved: SaveRun, written: Written) -> None:
    text = json.dumps({"gateway": {"p95_latency_ms": 300, "error_rate_pct": 0.2}})
    run = saved(written("gateway.json", text))

    found = run_document(run)
    assert found["totals"]["requests"] is None
    assert found["totals"]["rps"] is None
    assert found["totals"]["p50_ms"] is None
    assert found["totals"]["p95_ms"] == 300
    assert found["duration_s"] is None
    assert found["users_max"] is None
    assert found["stages"][0]["users"] is None
    assert found["imported"]["started_known"] is False
    assert run.manifest.verdict == "pass"
    lines = run_text(run, 100, False).splitlines()
    assert next(line for line in lines if line.startswith("gateway  ")).split() == [
        "gateway", "–", "–", "–", "–", "300", "ms", "–", "–",
    ]  # fmt: skip


def test_a_file_that_says_nothing_of_failures_does_not_pass(
    saved: SaveRun, written: Written
) -> None:
    run = saved(
        written("m.json", json.dumps({"a": {"avg_latency_ms": 5}, "b": {"avg_latency_ms": 7}}))
    )
    (result,) = run.manifest.thresholds
    assert (result.status, run.manifest.exit_code) == ("missing", 1)
    assert "does not say how many requests failed" in result.reason


@pytest.mark.parametrize(("others", "which"), [(["b"], "'b'"), (["b", "c"], "2 of 3 endpoints")])
def test_it_does_not_pass_on_the_failures_of_some_of_its_services(
    saved: SaveRun, written: Written, others: list[str], which: str
) -> None:
    services = {"a": {"total_requests": 1000, "failed_requests": 4, "avg_latency_ms": 5}}
    services |= {name: {"avg_latency_ms": 7} for name in others}
    run = saved(written("m.json", json.dumps(services)))
    statuses = [(r.status, r.endpoint) for r in run.manifest.thresholds]
    assert statuses == [("missing", None), ("pass", "a"), ("pass", None)]
    assert run.manifest.exit_code == 1
    assert f"how many requests to {which} failed" in run.manifest.thresholds[0].reason


def test_each_service_is_judged_where_nothing_is_known_of_all(
    saved: SaveRun, written: Written
) -> None:
    services = {"a": {"rps": 9, "error_rate_pct": 0.5}, "b": {"rps": 9, "error_rate_pct": 30}}
    run = saved(written("m.json", json.dumps(services)))
    assert [(one.endpoint, one.status) for one in run.manifest.thresholds] == [
        ("a", "pass"), ("b", "fail"), (None, "pass"),
    ]  # fmt: skip


def test_names_cannot_drive_the_terminal(saved: SaveRun, written: Written) -> None:
    text = stats_csv({("GET", "/\x1b]0;owned\x07\x1b[31m"): (10, 0)})
    assert "\x1b" not in run_text(saved(written("x_stats.csv", text)), 100, False)


class TestComparing:
    @pytest.fixture
    def good(self, saved: SaveRun, written: Written) -> Callable[..., Run]:
        def keep(name: str = "shop", p95: float = 120) -> Run:
            return saved(written(f"{name}_stats.csv", stats_csv(GOOD, p95=p95)), name="shop")

        return keep

    def test_figures_without_an_error_are_shown_and_not_judged(
        self, good: Callable[..., Run]
    ) -> None:
        found = compare_sides(
            side_of_runs([good()]), side_of_runs([good(p95=900)]), Plan("shop", locustfiles=())
        )
        assert {row.word for row in found.rows} == {"shown"}
        assert found.tests == 0
        assert found.verdict == "inconclusive"
        assert any("imported without samples" in remark for remark in found.remarks)
        (p95,) = [row for row in found.rows if row.metric == "p95" and row.endpoint == "GET /"]
        assert (p95.base, p95.current, p95.p) == (pytest.approx(120), pytest.approx(900), None)

    def test_an_imported_run_makes_an_imported_baseline(
        self, good: Callable[..., Run], tmp_path: Path
    ) -> None:
        promoted = promote(good(), tmp_path / "baselines")

        baseline = read_baseline(promoted.path)
        assert baseline.provenance == "imported"
        assert '"se": null' in promoted.path.read_text()
        again = compare_sides(
            read_side(promoted.path), side_of_runs([good()]), Plan("shop", locustfiles=())
        )
        assert {row.word for row in again.rows} == {"shown"}

    def test_imported_and_measured_numbers_are_never_compared(
        self, good: Callable[..., Run], tmp_path: Path
    ) -> None:
        measured = keep_run(tmp_path / "m", {"GET /": Traffic()})
        found = compare_sides(
            side_of_runs([measured]), side_of_runs([good()]), Plan("shop", locustfiles=()),
            any_fingerprint=True,
        )  # fmt: skip
        assert {row.word for row in found.rows} == {"not comparable"}

    def test_a_run_that_nobody_measured_is_no_baseline(
        self, saved: SaveRun, written: Written, tmp_path: Path
    ) -> None:
        text = json.dumps({"_note": "sample", "a": {"error_rate_pct": 0, "p95_latency_ms": 3}})
        with pytest.raises(UsageError, match="simulated"):
            promote(saved(written("m.json", text)), tmp_path / "baselines")

    def test_most_failed_is_never_normal(
        self, saved: SaveRun, written: Written, tmp_path: Path
    ) -> None:
        run = saved(written("x_stats.csv", stats_csv({("GET", "/"): (500, 348)})))
        with pytest.raises(UsageError, match=r"69\.6%"):
            promote(run, tmp_path / "baselines", force=True)

    def test_samples_are_judged(self, saved: SaveRun, written: Written) -> None:
        def jtl(name: str, ms: int) -> Path:
            rows = [
                f"{1_700_000_000_000 + at * 25},{ms + at * 7 % 23},a,200,OK,t,true,5,2"
                for at in range(3000)
            ]
            head = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success"
            return written(name, "\n".join([f"{head},bytes,allThreads", *rows]))

        base, slower = saved(jtl("a.jtl", 100), name="x"), saved(jtl("b.jtl", 260), name="x")
        found = compare_sides(
            side_of_runs([base]), side_of_runs([slower]), Plan("x", locustfiles=())
        )
        words = {row.metric: row.word for row in found.rows if row.endpoint == "a"}
        assert words["p95"] == "regressed"
        assert words["rps"] == "unchanged"


class _InterruptedRows(Rows):
    """Somebody presses Ctrl-C when they are written."""

    def parts(self) -> list[pl.DataFrame]:
        raise KeyboardInterrupt


def test_a_run_that_is_interrupted_while_it_is_written_is_not_kept(
    read: Read, tmp_path: Path
) -> None:
    source = read("shop.jtl")
    source.record.cells = _InterruptedRows({}, {})
    with pytest.raises(KeyboardInterrupt):
        store_imported_run(source, project=tmp_path)
    assert list(runs_root(tmp_path).iterdir()) == []


def test_more_requests_a_second_than_four_bytes_count_can_be_drawn(
    saved: SaveRun, written: Written, tmp_path: Path
) -> None:
    def run(count: int) -> Run:
        entry = {"name": "/", "method": "GET", "num_requests": count, "num_failures": 0,
                 "response_times": {"10": count},
                 "num_reqs_per_sec": {"1600000000": count}}  # fmt: skip
        return saved(written("m.json", json.dumps([entry])))

    many = run(5_000_000_000)
    assert RunCurves.of_run(many, 1).series("all").rps == [5_000_000_000]
    path = promote(run(5), tmp_path / "baselines", name="m").path
    promote(many, path.parent, name="m")
    assert RunCurves.of_baseline(path) is not None


def test_runs_saved_in_one_second_have_ids_of_their_own(
    saved: SaveRun, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = iter(["20261128-041835-m-a6c6", "20261128-041835-m-a6c6", "20261128-041835-m-b77e"])
    monkeypatch.setattr(imported_run, "new_run_id", lambda *_: next(ids))
    path = written("m.json", json.dumps({"gateway": {"p95_latency_ms": 317, "rps": 83}}))
    assert [saved(path).id[-4:] for _ in range(2)] == ["a6c6", "b77e"]
