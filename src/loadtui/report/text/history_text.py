"""The history of a plan's metrics: a sparkline each, and where it changed for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from loadtui.report.account import comparison_formatting
from loadtui.report.text.paint import Paint
from loadtui.report.text.text_table import TextColumn, shorten, text_table, visible_text, wrapped
from loadtui.samples.estimate import NO_ENDPOINT, TOTAL, Key, Quantity

if TYPE_CHECKING:
    from loadtui.verdict.plan_history import LevelChange, MetricHistory, PlanHistory

BARS = "▁▂▃▄▅▆▇█"
ASCII_BARS = "_.-=^"
_MOST = 40
"""Runs of a sparkline."""
_MISSING = " "


def history_document(history: PlanHistory) -> dict[str, Any]:
    """Runs oldest first, and by metric a value for each of them (null where it has none)."""
    return {
        "plan": history.plan,
        "provenance": history.provenance,
        "fingerprint": history.fingerprint,
        "runs": [run._asdict() for run in history.runs],
        "metrics": [
            {
                "stage": course.key.stage,
                "endpoint": course.key.endpoint or None,
                "metric": course.key.metric,
                "unit": course.quantity.unit,
                "values": course.values,
                "changes": [change._asdict() for change in course.changes],
            }
            for course in history.metrics
        ],
        "left_out": history.left_out,
    }


def history_text(
    history: PlanHistory, width: int, color: bool, *, everything: bool = False, ascii_: bool = False
) -> str:
    """A line a metric, those that changed first told with where; without `everything` the totals
    and what changed.  No line is wider than `width` cells, at least 80."""
    paint, width = Paint(color), max(width, 80)
    count = len(history.runs)
    runs = "1 run" if count == 1 else f"{count} runs"
    title = f"{visible_text(history.plan)} · {history.provenance} · {runs} of the same load"
    lines = [paint(shorten(title, width), "strong"), *_marks(history, width), ""]
    courses = [one for one in history.metrics if everything or changed_or_total(one)]
    columns = [
        TextColumn("stage", right=False, gives_way=True),
        TextColumn("endpoint", right=False, gives_way=True),
        TextColumn("metric", right=False, gives_way=True),
        TextColumn("oldest to newest", right=False),
        TextColumn("newest"),
    ]
    rows = [_cells(course, ASCII_BARS if ascii_ else BARS) for course in courses]
    head, *body = text_table(columns, rows, width)
    lines.append(paint(head, "dim"))
    for course, line in zip(courses, body, strict=True):
        lines.append(line)
        for change in course.changes:
            sign = "! " if change.worse else "✓ "
            text = f"{level_change_text(course.quantity, change)} since {change.run}"
            told = wrapped(visible_text(text), width, f"    {sign}")
            lines += [paint(one, "warn" if change.worse else "good") for one in told]
    if hidden := len(history.metrics) - len(courses):
        lines += ["", f"{hidden} more metrics without a change (--all shows them)"]
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


def changed_or_total(course: MetricHistory) -> bool:
    """Whether it is shown at once: it changed, or is of all requests together."""
    return bool(course.changes) or course.key.endpoint in (TOTAL, NO_ENDPOINT)


def _cells(course: MetricHistory, bars: str) -> tuple[str, ...]:
    key = course.key
    return (
        visible_text(key.stage),
        visible_text(endpoint_of(key)),
        visible_text(key.metric),
        sparkline(course.values[-_MOST:], bars),
        newest_text(course),
    )


def endpoint_of(key: Key) -> str:
    """How people read the endpoint of a metric."""
    return "total" if key.endpoint == TOTAL else key.endpoint or "(any)"


def newest_text(course: MetricHistory) -> str:
    """The last value that is known."""
    value = next((one for one in reversed(course.values) if one is not None), None)
    return comparison_formatting.value_text(course.quantity, value)


def level_change_text(quantity: Quantity, change: LevelChange) -> str:
    """How far it moved: +31 %, +0.42 pp, +3.0."""
    if quantity.scale == "count":
        return f"{change.change:+.1f}"
    return comparison_formatting.moved_text(quantity, change.change)
