"""The history of a plan's metrics: a sparkline each, and where it changed for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from loadtui.plurals import counted
from loadtui.printable_text import visible_text
from loadtui.report.account import comparison_formatting
from loadtui.report.account.compared_rows import endpoint_text
from loadtui.report.account.shortening import shorten
from loadtui.report.text.paint import Paint
from loadtui.report.text.text_table import MIN_WIDTH, TextColumn, text_table, wrapped
from loadtui.samples.estimate import NO_ENDPOINT, TOTAL, Quantity

if TYPE_CHECKING:
    from loadtui.verdict.plan_history import LevelChange, MetricHistory, PlanHistory

BARS = "▁▂▃▄▅▆▇█"
ASCII_BARS = "_.-=^"
_MOST = 40
"""Runs of a sparkline."""
_MISSING = " "


def history_text(
    history: PlanHistory, width: int, color: bool, *, everything: bool = False, ascii_: bool = False
) -> str:
    """A line a metric, those that changed first told with where; without `everything` the totals
    and what changed.  No line is wider than `width` cells, at least 80."""
    paint, width = Paint(color), max(width, MIN_WIDTH)
    runs = counted(len(history.runs), "run")
    title = f"{visible_text(history.plan)} · {history.provenance} · {runs} of the same load"
    lines = [paint(shorten(title, width), "strong"), *_marks(history, width), ""]
    shown = [metric for metric in history.metrics if everything or changed_or_total(metric)]
    columns = [
        TextColumn("stage", right=False, gives_way=True),
        TextColumn("endpoint", right=False, gives_way=True),
        TextColumn("metric", right=False, gives_way=True),
        TextColumn("oldest to newest", right=False),
        TextColumn("newest"),
    ]
    rows = [_cells(metric, ASCII_BARS if ascii_ else BARS) for metric in shown]
    head, *body = text_table(columns, rows, width)
    lines.append(paint(head, "dim"))
    for metric, line in zip(shown, body, strict=True):
        lines.append(line)
        for change in metric.changes:
            sign = "! " if change.worse else "✓ "
            text = f"{level_change_text(metric.quantity, change)} since {change.run}"
            sentence = wrapped(visible_text(text), width, f"    {sign}")
            lines += [paint(part, "warn" if change.worse else "good") for part in sentence]
    if hidden := len(history.metrics) - len(shown):
        lines += ["", f"{counted(hidden, 'more metric')} without a change (--all shows them)"]
    lines += [paint(part, "dim") for why in history.left_out for part in wrapped(why, width, "- ")]
    return "\n".join(lines) + "\n"


def sparkline(values: Sequence[float | None], bars: str = BARS) -> str:
    """A cell a value, from the least to the most; a space where there is none."""
    known = [value for value in values if value is not None]
    if not known:
        return _MISSING * len(values)
    low, span = min(known), max(known) - min(known)
    top = len(bars) - 1
    middle = bars[top // 2]
    return "".join(
        _MISSING
        if value is None
        else (bars[round((value - low) / span * top)] if span > 0 else middle)
        for value in values
    )


def _marks(history: PlanHistory, width: int) -> list[str]:
    """Which runs are the baseline."""
    promoted = [run.run for run in history.runs if run.promoted]
    return wrapped(f"baseline: {', '.join(map(visible_text, promoted))}", width) if promoted else []


def changed_or_total(metric: MetricHistory) -> bool:
    """Whether it is shown at once: it changed, or is of all requests together."""
    return bool(metric.changes) or metric.key.endpoint in (TOTAL, NO_ENDPOINT)


def _cells(metric: MetricHistory, bars: str) -> tuple[str, ...]:
    key = metric.key
    return (
        visible_text(key.stage),
        visible_text(endpoint_text(key.endpoint)),
        visible_text(key.metric),
        sparkline(metric.values[-_MOST:], bars),
        newest_text(metric),
    )


def newest_text(metric: MetricHistory) -> str:
    """The last value that is known."""
    value = next((known for known in reversed(metric.values) if known is not None), None)
    return comparison_formatting.value_text(metric.quantity, value)


def level_change_text(quantity: Quantity, change: LevelChange) -> str:
    """How far it moved: +31 %, +0.42 pp, +3.0."""
    if quantity.scale == "count":
        return f"{change.change:+.1f}"
    return comparison_formatting.moved_text(quantity, change.change)
