"""The table over runs that were made in turn."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from loadtui.plan.model import Threshold
from loadtui.report.text.phases_text import Phase, phases_text
from loadtui.store.comparison import Comparison, Side
from loadtui.store.stored_run import Run
from tests.support.stored_runs import Traffic, keep_run, plan

ALL = "error_rate < 1%"


def keep(folder: Path, name: str, failing: float = 0.0) -> Run:
    named = plan(name=name, thresholds=(Threshold("error_rate < 1%"),))
    traffic = {"GET /a": Traffic(us=80_000, count=10, failing=failing)}
    return keep_run(folder, traffic, stages=[("L1", 30), ("L2", 20)], plan=named)


@pytest.fixture
def phases(tmp_path: Path) -> list[Phase]:
    good = keep(tmp_path / "good", "gateway")
    bad = keep(tmp_path / "bad", "rag", failing=0.2)
    return [
        Phase("gateway", good, 0),
        Phase("rag", bad, 1),
        Phase("mcp", None, 2, "there is no \x1b[31mfile\n there"),
        Phase("later"),
    ]


def test_a_line_for_each_stage_and_a_verdict_for_each_phase(phases: list[Phase]) -> None:
    text = phases_text(phases, 2, 100, False)
    assert [" ".join(line.split()) for line in text.splitlines()] == [
        "phase stage users requests errors p95 verdict against baseline exit code",
        "gateway L1 10 320 0 % 80 ms ✓ pass – 0",
        "L2 10 220 0 % 80 ms",
        "rag L1 10 320 20.0 % 80 ms ✗ FAIL – 1",
        "L2 10 220 20.0 % 80 ms",
        "mcp – – – – – not run – 2",
        "later – – – – – not run – –",
        r"mcp: there is no \x1b[31mfile\n there",
        "exit code of all: 2",
    ]


def test_a_comparison_has_its_verdict(tmp_path: Path) -> None:
    run = keep(tmp_path / "run", "gateway")
    side = Side("gateway", "baseline", "gateway", "measured", [])
    comparison = Comparison(side, side, "inconclusive", [], {}, 0)
    run.manifest = msgspec.structs.replace(run.manifest, comparison=comparison)
    assert "✓ pass   inconclusive" in phases_text([Phase("gateway", run, 0)], 0, 100, False)


def test_colour_is_never_the_only_sign(phases: list[Phase]) -> None:
    plain, coloured = (phases_text(phases, 1, 100, color) for color in (False, True))
    assert "\x1b[31m✗ FAIL" in coloured
    bare = coloured
    for code in ("2", "31", "32", "33", "0"):
        bare = bare.replace(f"\x1b[{code}m", "")
    assert bare == plain


def test_it_fits_a_narrow_terminal(phases: list[Phase]) -> None:
    long = [phase._replace(plan=phase.plan * 9) for phase in phases]
    assert max(map(len, phases_text(long, 1, 80, False).splitlines())) <= 80


def test_a_run_without_stages_has_one_line(tmp_path: Path) -> None:
    run = keep(tmp_path / "run", "gateway")
    run.manifest = msgspec.structs.replace(run.manifest, state="failed", stages=[], checksums={})
    lines = phases_text([Phase("gateway", run, 3)], 3, 100, False).splitlines()
    assert len(lines) == 3
    assert "failed" in lines[1]
