"""The report for people."""

from __future__ import annotations

import io
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from loadtui.errors import UsageError
from loadtui.plan.model import Plan
from loadtui.report.account.run_contents import ErrorKind, RunContents, read_run_contents
from loadtui.report.text.paint import wants_color
from loadtui.report.text.run_text import run_text, run_text_of
from loadtui.samples.tallies import MetricInfo, MetricKey, Tallies
from loadtui.store.final_files import StoredException
from loadtui.store.manifest import (
    RUN_FORMAT,
    Endpoint,
    Manifest,
    Provenance,
    StageSpan,
    ThresholdResult,
    Totals,
    Validity,
)
from loadtui.store.stored_run import Run
from loadtui.verdict.run_summary import summarise
from tests.support.stored_runs import Traffic, keep_run

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("width", [80, 120])
def test_golden(run: Run, width: int) -> None:
    text = run_text(run, width, False).replace(str(run.folder.parent), "RUNS")
    assert text == (GOLDEN / f"report_{width}.txt").read_text(encoding="utf-8")


def test_no_line_is_wider_than_the_terminal(run: Run) -> None:
    for width in (80, 91, 100, 200):
        lines = run_text(run, width, False).splitlines()
        assert max(cell_len(line) for line in lines if not line.startswith("Saved in")) <= width


def test_colour_only_adds_colour(run: Run) -> None:
    plain, colored = run_text(run, 100, False), run_text(run, 100, True)
    assert "\x1b[31m✗ FAIL\x1b[0m" in colored
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[\d+m", "", colored) == plain


def test_invalid_says_why(run: Run) -> None:
    reason = "the load generator was the bottleneck in 14 of 60 measured seconds (loop lag: 14)"
    run.manifest = msgspec.structs.replace(
        run.manifest, validity=Validity(False, [reason], 14, 60), exit_code=3, verdict="invalid"
    )
    text = run_text(run, 200, False)
    assert f"✗ INVALID: its numbers cannot be trusted, because\n  - {reason}\n" in text
    assert "✗ INVALID (exit code 3)" in text


def test_other_provenance_is_loud(run: Run) -> None:
    run.manifest.provenance = Provenance("simulated")
    assert run_text(run, 80, False).splitlines()[0].endswith("· SIMULATED")
    run.manifest.provenance = Provenance("imported", source="stats.csv")
    assert run_text(run, 80, False).splitlines()[0].endswith("· IMPORTED by stats.csv")


def test_steering_and_time_scale_are_told(run: Run) -> None:
    run.manifest.steered = True
    run.manifest.plan = msgspec.structs.replace(run.manifest.plan, time_scale=0.05)
    text = run_text(run, 80, False)
    assert "! steered: users were changed by hand" in text
    assert "! time scale 0.05" in text


def test_a_running_run_is_refused(run: Run) -> None:
    run.manifest.state = "running"
    with pytest.raises(UsageError, match="loadtui attach"):
        run_text(run, 80, False)


def test_a_run_that_was_not_judged_is_judged_when_it_is_read(run: Run) -> None:
    expected = run.manifest
    run.manifest = msgspec.structs.replace(
        expected, validity=Validity(), thresholds=[], exit_code=None, verdict=""
    )
    manifest = read_run_contents(run).manifest
    assert manifest.thresholds == expected.thresholds
    assert (manifest.exit_code, manifest.verdict) == (1, "fail")
    run.manifest.state = "interrupted"
    assert read_run_contents(run).manifest.exit_code == 130


def test_a_run_that_failed_at_once_still_has_a_report(run: Run) -> None:
    run.manifest = msgspec.structs.replace(
        run.manifest, state="failed", checksums={}, exit_code=None, ended_because="disk full"
    )
    text = run_text(run, 80, False)
    assert "the run broke off: disk full" in text
    assert "✗ INVALID (exit code 3)" in text
    assert text.splitlines()[1].startswith("failed after 41 s")
    assert "No request finished." in text


def test_colour_is_wanted_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    assert wants_color(Terminal())
    assert not wants_color(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_color(Terminal())
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_color(Terminal())


_names = st.text(max_size=120)
_counts = st.integers(0, 10**12)


@st.composite
def _contents(draw: st.DrawFn) -> RunContents:
    """A run of odd names and sizes, consistent only in its types."""
    tallies = Tallies()
    endpoints = [Endpoint(draw(_names), draw(_names)) for _ in range(draw(st.integers(0, 3)))]
    for number in range(len(endpoints)):
        us = draw(st.integers(-1, 2**32))
        tallies.add_window(0, number, True, draw(st.integers(0, 1)), draw(_counts), us, us, us, 1)
        tallies.add_cell(0, number, True, draw(st.integers(0, 3327)), draw(_counts))
    stages = [StageSpan(draw(_names), 0, draw(st.integers(0, 10**6)), 5, 1.0, 0, 1)]
    name = draw(_names)
    tallies.metric_infos[name] = MetricInfo(draw(_names))
    kind = draw(st.sampled_from(["counter", "rate", "trend"]))
    tallies.add_metric(MetricKey(kind, name, draw(_names), 0), True, draw(_counts), 0, 7)
    time = st.none() | st.floats(0, 1e9)
    status = st.sampled_from(["pass", "fail", "missing"])
    value = st.none() | st.floats(allow_nan=False, allow_infinity=False)  # as JSON holds them
    checks = st.sampled_from(["p95 < 2s", "rps > 1", "error_rate < 1%", "x == 0"]) | _names
    optional = st.none() | _names
    manifest = Manifest(
        format=RUN_FORMAT,
        run=draw(_names),
        state="finished",
        provenance=Provenance("imported", source=draw(_names)),
        plan=Plan(draw(_names), (), host=draw(optional)),
        fingerprint="",
        started="",
        duration_s=draw(st.floats(0, 1e9)),
        ended_because=draw(_names),
        totals=Totals(unfinished=draw(_counts), users_max=draw(_counts)),
        validity=Validity(draw(st.booleans()), [draw(_names)], 1, 2),
        thresholds=[
            ThresholdResult(
                draw(checks), draw(optional), draw(optional), draw(value), draw(status),
                draw(st.booleans()), draw(_names),
            )
        ],
        process_exit_code=draw(st.none() | st.integers()),
    )  # fmt: skip
    return RunContents(
        Path("/runs/one"),
        manifest,
        summarise(stages, endpoints, tallies),
        [ErrorKind(draw(_names), draw(_names), draw(_names), draw(_counts), 1.0, draw(time))],
        [StoredException(draw(_names), draw(_names), draw(_counts), None, None)],
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(_contents(), st.integers(0, 200))
def test_any_names_and_numbers_can_be_written(contents: RunContents, width: int) -> None:
    text = run_text_of(contents, width, False)
    assert text.endswith("\n")
    for line in text.splitlines():
        assert all(character.isprintable() or character == "\u200d" for character in line)
        if not line.startswith(("Kept in", "Look again", "The locustfile set")):
            assert cell_len(line) <= max(width, 80)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_names_are_cut_before_the_percentiles_of_a_metric(tmp_path: Path, width: int) -> None:
    stages = (
        ("a stage with quite a long name, to be cut", 20),
        ("another one that is as long", 20),
    )
    traffic = {"GET /a": Traffic(count=4)}
    kept = keep_run(tmp_path / "run", traffic, stages=stages, ttft=123_456.0)
    lines = run_text(kept, width, False).splitlines()
    head = next(at for at, line in enumerate(lines) if line.startswith("metric"))
    table = lines[head + 1 : head + 4]
    assert all(re.search(r"(p(50|95|99) [23] m \d\d s *){3}", line) for line in table), table
    assert all(cell_len(line) <= width for line in table)
    assert all(("max" in line) == (width >= 100) for line in table)
