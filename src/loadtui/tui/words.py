"""How verdicts, states and times of runs read in lists: a sign and a word beside every colour."""

from __future__ import annotations

from loadtui.tui.desks.runs import RunEntry
from loadtui.tui.text import Span, clean

_VERDICTS: dict[str, Span] = {
    "pass": ("✓ pass", "good"),
    "fail": ("✗ FAIL", "bad"),
    "invalid": ("! invalid", "warn"),
    "inconclusive": ("? inconclusive", "warn"),
}


def result(run: RunEntry) -> Span:
    """How a run ended, or that it goes on."""
    if run.problem:
        return "✗ broken", "bad"
    if run.active:
        return f"● {run.state}", "accent"
    if run.verdict in _VERDICTS:
        return _VERDICTS[run.verdict]
    return clean(run.verdict or run.state or "–"), "dim"


def when(started: str) -> str:
    """A time as lists show it: 2026-11-23 10:15."""
    return clean(started[:16].replace("T", " "))


def provenance(kind: str) -> Span:
    """Where numbers come from; in capitals when they were not measured."""
    return (kind, "dim") if kind == "measured" else (clean(kind.upper()), "warn")
