"""The status of a project's plans as Markdown, and in a document between two markers."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.errors import UsageError
from loadtui.report.account.status_cells import STATUS_HEADS, status_cells, status_errors
from loadtui.report.markdown.escaping import escaped_text, list_item, markdown_table
from loadtui.store.plan_status import PlanStatus

STATUS_BEGIN = "<!-- loadtui-status -->"
STATUS_END = "<!-- /loadtui-status -->"


def status_markdown(statuses: Sequence[PlanStatus]) -> str:
    """A table that says the same on every day, so dates and no ages."""
    rows = [tuple(map(escaped_text, status_cells(status))) for status in statuses]
    errors = [
        list_item(f"{status.plan}: {error}")
        for status in statuses
        for error in status_errors(status)
    ]
    lines = markdown_table(STATUS_HEADS, rows)
    return "\n".join([*lines, *(["", *errors] if errors else [])]) + "\n"


def with_status(document: str, name: str, statuses: Sequence[PlanStatus]) -> str:
    """A document with the Markdown of the status between its two markers.

    Raises UsageError when the document `name` does not hold both, each once, the first one first.
    """
    if document.count(STATUS_BEGIN) != 1 or document.count(STATUS_END) != 1:
        raise UsageError(
            f"{name} needs the lines {STATUS_BEGIN} and {STATUS_END}, each once, around the place "
            "for the status"
        )
    before, rest = document.split(STATUS_BEGIN)
    if STATUS_END not in rest:
        raise UsageError(f"{name}: {STATUS_END} stands before {STATUS_BEGIN}; swap them")
    after = rest.split(STATUS_END)[1]
    return f"{before}{STATUS_BEGIN}\n{status_markdown(statuses)}{STATUS_END}{after}"
