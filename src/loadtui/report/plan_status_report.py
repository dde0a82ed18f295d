"""The status of a project's plans: as a table, as JSON, and as Markdown between two markers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from loadtui.errors import UsageError
from loadtui.report.markdown import escaping
from loadtui.report.markdown.escaping import escaped_text, list_item
from loadtui.report.text.paint import Paint, Style
from loadtui.report.text.text_table import TextColumn, text_table, visible_text
from loadtui.store.plan_status import PlanStatus

BEGIN = "<!-- loadtui-status -->"
END = "<!-- /loadtui-status -->"
_HEADS = ("plan", "known", "last run", "commit", "result", "baseline")


def status_document(found: Sequence[PlanStatus]) -> list[dict[str, Any]]:
    """An object a plan; `last` and `baseline` are null where there is none."""
    return [msgspec.to_builtins(one) for one in found]


def status_text(found: Sequence[PlanStatus], width: int, color: bool) -> str:
    """A line a plan under a head; below a plan that cannot be read, why."""
    paint = Paint(color)
    columns = [TextColumn(head, right=False, gives_way=head in _HEADS[:2]) for head in _HEADS]
    head, *lines = text_table(
        columns, [tuple(map(visible_text, _cells(one))) for one in found], width
    )
    told = [paint(head, "dim")]
    for one, line in zip(found, lines, strict=True):
        style = _style(one)
        told.append(paint(line, style) if style else line)
        told += [paint(f"  {visible_text(error)}", "warn") for error in _errors(one)]
    return "\n".join(told) + "\n"


def status_markdown(found: Sequence[PlanStatus]) -> str:
    """A table that says the same on every day, so dates and no ages."""
    lines = escaping.markdown_table(
        _HEADS, [tuple(map(escaped_text, _cells(one))) for one in found]
    )
    errors = [list_item(f"{one.plan}: {error}") for one in found for error in _errors(one)]
    return "\n".join([*lines, *(["", *errors] if errors else [])]) + "\n"


def with_status(document: str, name: str, found: Sequence[PlanStatus]) -> str:
    """A document with the Markdown of the status between its two markers.

    Raises UsageError when the document `name` does not hold both, each once and in order.
    """
    if document.count(BEGIN) != 1 or document.count(END) != 1:
        raise UsageError(
            f"{name} needs the lines {BEGIN} and {END}, each once, around the place for the status"
        )
    before, rest = document.split(BEGIN)
    if END not in rest:
        raise UsageError(f"{name}: {END} stands before {BEGIN}; swap them")
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{status_markdown(found)}{END}{after}"


def _cells(one: PlanStatus) -> tuple[str, ...]:
    last = one.last
    if last is None:
        return (one.plan, one.known, "-", "-", "-", _baseline(one))
    stale = ", stale" if last.stale else ""
    return (
        one.plan,
        f"{one.known}{stale}",
        last.started[:16].replace("T", " "),
        last.commit or "-",
        last.verdict or last.state,
        _baseline(one),
    )


def _baseline(one: PlanStatus) -> str:
    found = one.baseline
    if found is None:
        return "none"
    if found.error:
        return "unreadable"
    runs = "1 run" if found.runs == 1 else f"{found.runs} runs"
    stale = ", stale" if found.stale else ""
    return f"{runs} {found.kind}, {found.promoted[:10]}{stale}"


def _errors(one: PlanStatus) -> list[str]:
    of_baseline = one.baseline.error if one.baseline else ""
    return [error for error in (one.error, of_baseline) if error]


def _style(one: PlanStatus) -> Style | None:
    if one.last is None:
        return "bad" if one.error else "dim"
    if one.last.verdict == "fail":
        return "bad"
    return "warn" if one.known != "measured" or one.last.stale else None
