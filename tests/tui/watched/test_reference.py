"""The baseline as the live screen has it."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from loadtui.plan.model import Plan, Stage, Tolerance
from loadtui.samples.estimate import TOTAL, Key
from loadtui.store.comparison import Comparison, ComparisonRow, Side
from loadtui.tui.cells.change_cells import change_arrow, signed_change
from loadtui.tui.watched.reference import BaselineChange, read_reference
from loadtui.verdict.promotion import promote
from tests.support.stored_runs import Traffic, keep_run

CHAT = "POST /v1/chat/completions"


@pytest.mark.parametrize(
    ("value", "level"), [(400.0, ""), (235.0, ""), (300.0, "warn"), (400.0, "fail")]
)
def test_levels_are_those_of_the_plans_tolerances(story, value, level):
    reference = story.reference()
    usual = math.exp(reference.usual["L2", CHAT, "p95"].y) / 1000
    change = reference.change("L2", CHAT, "p95", value, 5000)
    assert change is not None
    assert change.amount == pytest.approx(value / usual - 1)
    if value != 400.0 or level:
        assert change.level == level


def test_fewer_requests_a_second_are_the_worse_ones(story):
    reference = story.reference()
    assert reference.change("L2", "(total)", "rps", 44.0 * 0.95, 5000).level == ""
    assert reference.change("L2", "(total)", "rps", 44.0 * 0.85, 5000).level == "warn"
    assert reference.change("L2", "(total)", "rps", 44.0 * 0.5, 5000).level == "fail"
    assert reference.change("L2", "(total)", "rps", 44.0 * 2, 5000).level == ""


@pytest.mark.parametrize(
    ("stage", "endpoint", "value", "count"),
    [("L1", CHAT, 400.0, 5000), ("L2", "GET /new", 400.0, 5000), ("L2", CHAT, None, 5000),
     ("L2", CHAT, 0.0, 5000), ("L2", CHAT, 400.0, 399)],
)  # fmt: skip
def test_what_cannot_be_compared_has_no_change(story, stage, endpoint, value, count):
    assert story.reference().change(stage, endpoint, "p95", value, count) is None


def test_a_stage_that_is_not_compared_has_no_change(story):
    reference = story.reference(incomparable={"L2": "users differ"})
    assert reference.change("L2", CHAT, "p95", 400.0, 5000) is None


@pytest.mark.parametrize(
    ("change", "plus", "up"),
    [
        (BaselineChange(0.314, level="fail"), "+31 % !", "▲31 % !"),
        (BaselineChange(-0.02), "−2 %", "▼2 %"),
        (BaselineChange(0.004), "=0 %", "=0 %"),
        (BaselineChange(0.0051, points=True, level="warn"), "+0.51 pp !", "▲0.51 pp !"),
        (BaselineChange(1e9), "+9 999 %", "▲9 999 %"),
    ],
)
def test_written(change, plus, up):
    assert signed_change(change)[0] == plus
    assert change_arrow(change)[0] == up


@pytest.fixture
def kept(tmp_path):
    """A run that was promoted, the file of its baseline, and the manifest of another run."""
    stages = (Stage("L1", 10, 1.0, 22.0), Stage("L2", 10, 1.0, 22.0))
    plan = Plan("p", ("a.py",), stages=stages, tolerances=(Tolerance("p95", fail="+20%"),))
    run = keep_run(
        tmp_path / "run", {"GET /a": Traffic(count=80)}, stages=[("L1", 20), ("L2", 20)], plan=plan
    )
    path = promote(run, tmp_path / "baselines").path
    return path, msgspec.structs.replace(run.manifest, run="now", stages=[])


def test_a_baseline_that_is_read(kept):
    path, manifest = kept
    reference = read_reference(path, manifest)
    assert (reference.name, reference.runs, reference.unreadable) == ("p", 1, "")
    assert not reference.incomparable
    assert list(reference.curves) == ["L1", "L2"]
    usual = reference.usual[Key("L2", "GET /a", "p95")]
    value = usual.quantity.natural(usual.y)
    assert 100 < value < 200
    assert Key("L2", TOTAL, "rps") in reference.usual
    change = reference.change("L2", "GET /a", "p95", value * 1.3, 5000)
    assert (change.level, change.amount) == ("fail", pytest.approx(0.3))
    assert reference.words is None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"fingerprint": "another"}, "another load"),
        ({"plan": Plan("p", ("a.py",), stages=(Stage("L1", 99, 1.0, 22.0),))}, "users differ"),
    ],
)
def test_a_run_of_another_load_is_not_compared(kept, fields: dict[str, Any], why):
    path, manifest = kept
    reference = read_reference(path, msgspec.structs.replace(manifest, **fields))
    assert why in reference.incomparable["L1"]
    assert reference.change("L1", "GET /a", "p95", 400.0, 5000) is None


def test_a_baseline_that_cannot_be_read_says_why(kept, tmp_path):
    _, manifest = kept
    (tmp_path / "bad.json").write_text("{}")
    assert "bad.json is damaged" in read_reference(tmp_path / "bad.json", manifest).unreadable
    assert "no baseline" in read_reference(tmp_path / "none.json", manifest).unreadable


def test_the_word_on_an_endpoint_is_the_gravest_of_its_p95_and_what_the_plan_names(kept):
    path, manifest = kept

    def row(endpoint, metric, word, named=False, stage="L1"):
        return ComparisonRow(stage, endpoint, metric, word, "warning", "log", named=named)

    rows = [
        row("GET /a", "p95", "unchanged", named=True),
        row("GET /a", "p50", "inconclusive"),
        row("GET /b", "p95", "improved"),
        row("GET /b", "rps", "inconclusive", named=True),
        row("GET /c", "p95", "inconclusive"),
        row("GET /c", "p95", "regressed", stage="L2"),
    ]
    side = Side("p", "baseline", "p", "measured", ["r"])
    comparison = Comparison(side, side, "inconclusive", rows, {}, 0)
    judged = msgspec.structs.replace(manifest, comparison=comparison)
    words = read_reference(path, judged).words
    assert words == {"GET /b": "inconclusive", "GET /c": "regressed"}
