"""The status of a project's plans as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.printable_text import visible_text
from loadtui.report.account.status_cells import (
    STATUS_HEADS,
    status_cells,
    status_errors,
    status_tone,
)
from loadtui.report.text.paint import Paint
from loadtui.report.text.text_table import TextColumn, text_table
from loadtui.store.plan_status import PlanStatus


def status_text(statuses: Sequence[PlanStatus], width: int, color: bool) -> str:
    """A line a plan under a head; below a plan that cannot be read, why."""
    paint = Paint(color)
    columns = [
        TextColumn(head, right=False, gives_way=head in STATUS_HEADS[:2]) for head in STATUS_HEADS
    ]
    rows = [tuple(map(visible_text, status_cells(status))) for status in statuses]
    head, *body = text_table(columns, rows, width)
    lines = [paint(head, "dim")]
    for status, line in zip(statuses, body, strict=True):
        tone = status_tone(status)
        lines.append(paint(line, tone) if tone else line)
        lines += [paint(f"  {visible_text(error)}", "warn") for error in status_errors(status)]
    return "\n".join(lines) + "\n"
