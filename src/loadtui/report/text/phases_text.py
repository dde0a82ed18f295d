"""One table over runs that were made in turn: the phases of a load test, stage by stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from loadtui.printable_text import visible_text
from loadtui.report.account import formatting
from loadtui.report.account.run_contents import read_run_contents
from loadtui.report.account.verdict_words import NOT_RUN, Wording
from loadtui.report.text.paint import Paint
from loadtui.report.text.run_list_text import painted_word, result_wording
from loadtui.report.text.text_table import TextColumn, text_table, wrapped
from loadtui.samples.figures import Figures
from loadtui.store.stored_run import Run
from loadtui.verdict.run_summary import Both


class Phase(NamedTuple):
    """A plan that was to be run."""

    plan: str
    run: Run | None = None
    """None: it was not."""
    code: int | None = None
    """Its exit code; None: it was not reached."""
    error: str = ""
    """Why it could not be run."""


def phases_text(phases: Sequence[Phase], code: int, width: int, color: bool) -> str:
    """A line for each stage of each phase under a head, and `code`, the exit code of all together.

    Requests are those of the whole stage; the error rate and p95 are of its measured part, where it
    has one.  Raises UsageError as `read_run_contents`.
    """
    paint = Paint(color)
    columns = [
        TextColumn("phase", right=False, gives_way=True),
        TextColumn("stage", right=False, gives_way=True),
        TextColumn("users"),
        TextColumn("requests"),
        TextColumn("errors"),
        TextColumn("p95"),
        TextColumn("verdict", right=False),
        TextColumn("against baseline", right=False),
        TextColumn("exit code"),
    ]
    rows: list[tuple[str, ...]] = []
    verdicts: list[Wording | None] = []
    for phase in phases:
        verdict = NOT_RUN if phase.run is None else result_wording(phase.run)
        ends = (verdict.in_list, _compared(phase), _code(phase.code))
        for number, stage in enumerate(_stages(phase)):
            first = number == 0
            rows.append(
                (
                    visible_text(phase.plan) if first else "",
                    *stage,
                    *(ends if first else ("", "", "")),
                )
            )
            verdicts.append(verdict if first else None)
    head, *lines = text_table(columns, rows, width)
    painted = [paint(head, "dim")]
    for line, of_line in zip(lines, verdicts, strict=True):
        painted.append(line if of_line is None else painted_word(line, of_line, paint))
    for phase in phases:
        if phase.error:
            painted += wrapped(visible_text(f"{phase.plan}: {phase.error}"), width)
    painted.append(f"exit code of all: {code}")
    return "\n".join(painted) + "\n"


def _stages(phase: Phase) -> list[tuple[str, ...]]:
    """Name, users, requests, error rate and p95 of each stage; of a run without stages the whole
    run, without a run dashes."""
    if phase.run is None:
        return [("", *[formatting.NOTHING] * 4)]
    summary = read_run_contents(phase.run).summary
    users = phase.run.manifest.totals.users_max
    stages: list[tuple[str, ...]] = [
        (visible_text(stage.span.name), formatting.count(stage.users), *_figures(stage.figures))
        for stage in summary.stages
    ]
    return stages or [("", formatting.count(users), *_figures(summary.totals))]


def _figures(both: Both) -> tuple[str, str, str]:
    judged: Figures = both.measured if both.measured.requests else both.whole
    return (
        formatting.count(both.whole.requests),
        formatting.percent(judged.error_rate),
        formatting.latency(judged.p95_ms),
    )


def _compared(phase: Phase) -> str:
    """The verdict against the baseline, where there is one."""
    manifest = None if phase.run is None else phase.run.manifest
    if manifest is None or manifest.comparison is None:
        return formatting.NOTHING
    return manifest.comparison.verdict


def _code(code: int | None) -> str:
    return formatting.NOTHING if code is None else str(code)
