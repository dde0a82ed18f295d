"""GitHub Actions: workflow commands that annotate a job, and its step summary.

The commands and their escapes are those of the toolkit's `core` package; a job shows at most ten
annotations of each level for a step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from loadtui.errors import UsageError
from loadtui.plurals import counted
from loadtui.printable_text import visible_text
from loadtui.report.account.account import Account
from loadtui.report.account.judgements import Judgement, JudgementOutcome

SHOWN = 10
"""Annotations of one level that GitHub shows for a step."""
SUMMARY_BYTES = 1024 * 1024
"""What GitHub takes as the summary of a step; of more it shows nothing."""

AnnotationLevel = Literal["error", "warning", "notice"]

_LEVELS: dict[str, AnnotationLevel] = {
    "error": "error",
    "fail": "error",
    "warning": "warning",
    "undecided": "warning",
    "pass": "notice",
}


def print_annotations(accounts: Sequence[Account]) -> str:
    """A line for each verdict, then one for each failure and warning; ends in a newline.

    What could not be decided is told by itself where the plan names it and where nothing was
    compared at all, else only counted with its verdict.
    """
    levels = [_LEVELS[account.outcome] for account in accounts]
    lines = [
        workflow_command(level, account.headline, _summary(account))
        for account, level in zip(accounts, levels, strict=True)
    ]
    used = Counter(levels)
    errors = _with_outcome(accounts, "error", "fail")
    undecided = _with_outcome(accounts, "undecided")
    warnings = [entry for entry in undecided if entry[1].named or entry[1].kind == "comparison"]
    warnings += _with_outcome(accounts, "warning")
    lines += _commands("error", errors, SHOWN - used["error"])
    lines += _commands("warning", warnings, SHOWN - used["warning"])
    return "\n".join(lines) + "\n"


def workflow_command(level: AnnotationLevel, title: str, message: str) -> str:
    """A workflow command in one line, whatever its texts hold."""
    return f"::{level} title={_property(visible_text(title))}::{_data(visible_text(message))}"


def append_step_summary(path: Path, markdown: str, shorter: str) -> None:
    """Add to a step's summary, `shorter` where the whole would be more than GitHub takes.

    Raises UsageError when the file cannot be written.
    """
    try:
        size = path.stat().st_size if path.exists() else 0
        text = markdown if size + len(markdown.encode()) <= SUMMARY_BYTES else shorter
        with path.open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        raise UsageError(f"GITHUB_STEP_SUMMARY: {path}: {error.strerror}") from error


def _with_outcome(
    accounts: Sequence[Account], *outcomes: JudgementOutcome
) -> list[tuple[Account, Judgement]]:
    return [
        (account, judgement)
        for account in accounts
        for judgement in account.with_outcome(*outcomes)
    ]


def _summary(account: Account) -> str:
    parts = [account.provenance, account.validity, account.outcome_counts]
    return "; ".join([*parts, f"exit code {account.exit_code}", *account.remarks])


def _commands(
    level: AnnotationLevel, judgements: Sequence[tuple[Account, Judgement]], room: int
) -> Iterable[str]:
    room = max(room, 1)
    shown = len(judgements) if len(judgements) <= room else room - 1
    for account, judgement in judgements[:shown]:
        title = f"{account.label}: {judgement.name} {judgement.where}".rstrip()
        yield workflow_command(level, title, judgement.sentence)
    if rest := len(judgements) - shown:
        more = counted(rest, "more failure" if level == "error" else "more warning")
        yield workflow_command(level, "loadtui", f"{more}: see the report")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
