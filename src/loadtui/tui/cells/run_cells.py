"""How verdicts, states and times of runs read in lists: a sign and a word beside every colour."""

from __future__ import annotations

from loadtui.report.account.verdict_words import run_wording
from loadtui.tui.cells.text import Span, one_line
from loadtui.tui.project.run_rows import RunRow


def result_span(run: RunRow) -> Span:
    """How a run ended, or that it is running."""
    if run.problem:
        return "✗ broken", "bad"
    if run.active:
        return f"● {run.state}", "accent"
    wording = run_wording(run.state, run.verdict)
    return one_line(wording.in_list), wording.tone


def started_text(started: str) -> str:
    """A time as lists show it: 2026-11-23 10:15; empty for none."""
    return one_line(started[:16].replace("T", " "))


def provenance_span(kind: str) -> Span:
    """Where numbers come from; in capitals when they were not measured."""
    return (kind, "dim") if kind == "measured" else (one_line(kind.upper()), "warn")
