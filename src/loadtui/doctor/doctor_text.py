"""What was found as lines for people: a line a check, below it what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loadtui.doctor.finding import Finding, Level
from loadtui.plurals import counted
from loadtui.printable_text import visible_text
from loadtui.report.account.verdict_words import Tone
from loadtui.report.text.paint import Paint
from loadtui.report.text.text_table import wrapped

_TONES: dict[Level, Tone] = {"ok": "good", "note": "warn", "problem": "bad"}
_MARGIN = "  "


def doctor_text(findings: Sequence[Finding], width: int, color: bool) -> str:
    """The findings by their nouns, and a last line that counts them."""
    return "\n".join([*_lines(findings, width, Paint(color)), *_summary(findings)]) + "\n"


def _lines(findings: Sequence[Finding], width: int, paint: Paint) -> Iterator[str]:
    names = max((len(finding.name) for finding in findings), default=0)
    noun = ""
    for finding in findings:
        if finding.noun != noun:
            if noun:
                yield ""
            noun = finding.noun
            yield paint(noun, "strong")
        yield from _finding(finding, names, width, paint)


def _finding(finding: Finding, names: int, width: int, paint: Paint) -> Iterator[str]:
    head = f"{_MARGIN}{finding.level:7}  {finding.name:{names}}  "
    room, indent = max(width - len(head), 20), " " * len(head)
    first, *rest = wrapped(visible_text(finding.found), room) or [""]
    yield head.replace(finding.level, paint(finding.level, _TONES[finding.level]), 1) + first
    yield from (indent + line for line in rest)
    if finding.remedy:
        yield from (indent + line for line in wrapped(finding.remedy, room, "-> "))
    if finding.command:
        # Never broken: it is there to be copied.
        yield f"{indent}   $ {visible_text(finding.command)}"


def _summary(findings: Sequence[Finding]) -> Iterator[str]:
    problems = sum(finding.level == "problem" for finding in findings)
    notes = sum(finding.level == "note" for finding in findings)
    yield ""
    yield f"{counted(problems, 'problem')}, {counted(notes, 'note')}."
