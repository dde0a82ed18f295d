"""Runs in lists: no colour without a sign and a word beside it, and no text that draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loadtui.tui.cells.run_cells import provenance_span, result_span, started_text
from loadtui.tui.project.run_rows import RunRow

ROW: dict[str, Any] = {
    "folder": Path("run"),
    "run": "run",
    "plan": "plan",
    "state": "finished",
    "provenance": "measured",
    "verdict": "",
    "started": "2026-11-23T10:15:02Z",
    "duration_s": 1.0,
    "requests": 1,
}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"verdict": "pass"}, ("✓ pass", "good")),
        ({"verdict": "fail"}, ("✗ FAIL", "bad")),
        ({"verdict": "invalid"}, ("✗ INVALID", "bad")),
        ({"verdict": "a\nnew one"}, ("■ finished", "dim")),
        ({"state": "interrupted"}, ("! interrupted", "warn")),
        ({"state": ""}, ("! unknown", "warn")),
        ({"active": True, "state": "ramping", "verdict": "pass"}, ("● ramping", "accent")),
        ({"problem": "no manifest", "active": True}, ("✗ broken", "bad")),
    ],
)
def test_results(fields: dict[str, Any], shown: tuple[str, str]) -> None:
    text, tone = result_span(RunRow(**{**ROW, **fields}))
    assert (" ".join(text.split()), tone) == shown
    assert "\n" not in text


def test_times() -> None:
    assert started_text("2026-11-23T10:15:02Z") == "2026-11-23 10:15"


def test_what_was_not_measured_is_in_capitals() -> None:
    assert provenance_span("measured") == ("measured", "dim")
    assert provenance_span("simulated") == ("SIMULATED", "warn")
