"""The status of a plan as people read it: the cells of a row, its tone, and what cannot be read."""

from __future__ import annotations

from loadtui.plurals import counted
from loadtui.report.account.verdict_words import RUN_VERDICTS, Tone
from loadtui.store.plan_status import PlanStatus

STATUS_HEADS = ("plan", "known", "last run", "commit", "result", "baseline")


def status_cells(status: PlanStatus) -> tuple[str, ...]:
    """A cell for each of STATUS_HEADS; dates and no ages, so that it reads the same every day."""
    last = status.last
    if last is None:
        return (status.plan, status.known, "-", "-", "-", _baseline(status))
    stale = ", stale" if last.stale else ""
    return (
        status.plan,
        f"{status.known}{stale}",
        last.started[:16].replace("T", " ") or "-",
        last.commit or "-",
        last.verdict or last.state,
        _baseline(status),
    )


def status_errors(status: PlanStatus) -> list[str]:
    """Why the plan, and why its baseline, cannot be read."""
    of_baseline = status.baseline.error if status.baseline else ""
    return [error for error in (status.error, of_baseline) if error]


def status_tone(status: PlanStatus) -> Tone | None:
    """None: nothing to point at."""
    last = status.last
    if last is None:
        return "bad" if status.error else "dim"
    verdict = RUN_VERDICTS.get(last.verdict)
    if verdict is not None and verdict.tone == "bad":
        return "bad"
    return "warn" if status.known != "measured" or last.stale else None


def _baseline(status: PlanStatus) -> str:
    baseline = status.baseline
    if baseline is None:
        return "none"
    if baseline.error:
        return "unreadable"
    stale = ", stale" if baseline.stale else ""
    runs = counted(baseline.runs, "run")
    return f"{runs} {baseline.kind}, {baseline.promoted[:10]}{stale}"
