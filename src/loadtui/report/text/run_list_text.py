"""The list of saved runs as text for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from loadtui.printable_text import visible_text
from loadtui.report.account import formatting
from loadtui.report.account.verdict_words import Wording, run_wording
from loadtui.report.text.paint import Paint
from loadtui.report.text.text_table import COLUMN_GAP, TextColumn, text_table
from loadtui.store.stored_run import Run

_ROOMY = 120
"""From this width on the list also shows when a run started, its plan and its tags."""


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
            result_wording(run).in_list,
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
        painted.append(painted_word(line, result_wording(run), paint))
    return "\n".join(painted) + "\n"


def _length(run: Run) -> str:
    length = None if run.active else run.manifest.length_s
    return formatting.NOTHING if length is None else formatting.duration(length)


def result_wording(run: Run) -> Wording:
    """What came of a run."""
    manifest = run.manifest
    return run_wording(manifest.state, manifest.verdict, comparison_error=manifest.comparison_error)


def painted_word(line: str, wording: Wording, paint: Paint) -> str:
    """A line of a table with the cell of a wording in its colour."""
    before, word, after = line.rpartition(COLUMN_GAP + wording.in_list)
    return before + COLUMN_GAP + paint(wording.in_list, wording.tone) + after if word else line


def _more(run: Run) -> tuple[str, str, str]:
    manifest = run.manifest
    began = manifest.began or formatting.NOTHING
    try:
        started = datetime.fromisoformat(began).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        started = began
    pinned = ["pinned"] if manifest.pinned else []
    notes = [*pinned, *(f"#{tag}" for tag in manifest.tags), manifest.note]
    return (
        visible_text(started),
        visible_text(manifest.plan.name),
        visible_text(" ".join(part for part in notes if part)),
    )
