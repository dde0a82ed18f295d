"""The list of kept runs, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from loadtui.report.account import formatting
from loadtui.report.text.paint import Paint, Style
from loadtui.report.text.text_table import GAP, TextColumn, text_table, visible_text
from loadtui.store.stored_run import Run

_RESULTS: dict[str, tuple[str, Style]] = {
    "pass": ("✓ pass", "good"),
    "fail": ("✗ FAIL", "bad"),
    "invalid": ("! INVALID", "warn"),
    "inconclusive": ("? inconclusive", "warn"),
}
_ROOMY = 120
"""From this width on the list also shows when a run started, its plan and its tags."""


def runs_document(runs: Iterable[Run]) -> list[dict[str, Any]]:
    """One object a run, in the order given.  `valid` is null for a run that was not judged,
    `requests` for one that still goes on."""
    return [
        {
            "run": run.id,
            "plan": run.manifest.plan.name,
            "state": run.manifest.state,
            "provenance": run.manifest.provenance.kind,
            "valid": None if run.manifest.exit_code is None else run.manifest.validity.valid,
            "verdict": run.manifest.verdict,
            "started": run.manifest.started,
            "duration_s": run.manifest.length_s,
            "requests": None if run.active else run.manifest.totals.requests,
            "exit_code": run.manifest.exit_code,
            "steered": run.manifest.steered,
            "note": run.manifest.note,
            "tags": run.manifest.tags,
            "folder": str(run.folder),
        }
        for run in runs
    ]


def runs_text(runs: Iterable[Run], width: int, color: bool) -> str:
    """A line a run under a head, each line ending in a newline."""
    runs = list(runs)
    paint = Paint(color)
    columns = [
        TextColumn("run", right=False, gives_way=True),
        TextColumn("result", right=False),
        TextColumn("numbers", right=False),
        TextColumn("length"),
        TextColumn("requests"),
    ]
    rows: list[tuple[str, ...]] = [
        (
            visible_text(run.id),
            result_word(run)[0],
            run.manifest.provenance.kind,
            _length(run),
            formatting.NOTHING if run.active else formatting.count(run.manifest.totals.requests),
        )
        for run in runs
    ]
    if width >= _ROOMY:
        columns += [
            TextColumn("started", right=False),
            TextColumn("plan", right=False, gives_way=True),
            TextColumn("tags and note", right=False, gives_way=True),
        ]
        rows = [(*row, *_more(run)) for row, run in zip(rows, runs, strict=True)]
    head, *lines = text_table(columns, rows, width)
    painted = [paint(head, "dim")]
    for line, run in zip(lines, runs, strict=True):
        word, style = result_word(run)
        before, found, after = line.partition(GAP + word)
        painted.append(before + GAP + paint(word, style) + after if found else line)
    return "\n".join(painted) + "\n"


def _length(run: Run) -> str:
    length = None if run.active else run.manifest.length_s
    return formatting.NOTHING if length is None else formatting.duration(length)


def result_word(run: Run) -> tuple[str, Style]:
    """What came of a run, in a word with its sign."""
    state = run.manifest.state
    if state == "finished":
        return _RESULTS.get(run.manifest.verdict, ("finished", "dim"))
    return f"{'●' if run.active else '!'} {state}", "warn"


def _more(run: Run) -> tuple[str, str, str]:
    manifest = run.manifest
    try:
        started = datetime.fromisoformat(manifest.started).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        started = manifest.started
    said = [*(f"#{tag}" for tag in manifest.tags), manifest.note]
    return (
        visible_text(started),
        visible_text(manifest.plan.name),
        visible_text(" ".join(part for part in said if part)),
    )
