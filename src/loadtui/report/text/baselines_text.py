"""Baselines as text for people."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from loadtui.printable_text import visible_text
from loadtui.report.account import comparison_formatting, formatting
from loadtui.report.account.compared_rows import endpoint_text
from loadtui.report.account.shortening import shorten
from loadtui.report.text.paint import Paint
from loadtui.report.text.text_table import TextColumn, text_table
from loadtui.samples.estimate import Estimate, Key
from loadtui.store.baseline import Baseline
from loadtui.store.comparison import ComparisonRow


def baselines_text(baselines: Sequence[Baseline], width: int, color: bool) -> str:
    """A line a baseline under a head."""
    columns = [
        TextColumn("baseline", right=False, gives_way=True),
        TextColumn("plan", right=False, gives_way=True),
        TextColumn("numbers", right=False),
        TextColumn("runs"),
        TextColumn("last promoted", right=False),
    ]
    rows = [
        (
            visible_text(baseline.name),
            visible_text(baseline.plan),
            baseline.provenance,
            str(len(baseline.runs)),
            visible_text(baseline.runs[-1].promoted),
        )
        for baseline in baselines
    ]
    head, *lines = text_table(columns, rows, width)
    return "\n".join([Paint(color)(head, "dim"), *lines]) + "\n"


def baseline_text(baseline: Baseline, width: int, color: bool) -> str:
    """What a baseline says: its runs, and the mean of every metric with its standard error."""
    paint = Paint(color)
    name, plan = visible_text(baseline.name), visible_text(baseline.plan)
    title = f"{name} · plan {plan} · {baseline.provenance}"
    lines = [paint(shorten(title, width), "strong")]
    for run in baseline.runs:
        commit = f" · commit {run.git.commit[:12]}" if run.git else ""
        dirty = " (dirty)" if run.git and run.git.dirty else ""
        text = f"  {run.run} · promoted {run.promoted}{commit}{dirty}"
        lines.append(shorten(visible_text(text), width))
    values: dict[Key, list[Estimate]] = {}
    for estimates in baseline.estimates():
        for key, estimate in estimates.items():
            values.setdefault(key, []).append(estimate)
    columns = [
        TextColumn("stage", right=False, gives_way=True),
        TextColumn("endpoint", right=False, gives_way=True),
        TextColumn("metric", right=False, gives_way=True),
        TextColumn("value"),
        TextColumn("± se"),
        TextColumn("samples"),
        TextColumn("runs"),
    ]
    head, *body = text_table(
        columns, [_cells(key, estimates) for key, estimates in values.items()], width
    )
    return "\n".join([*lines, "", paint(head, "dim"), *body]) + "\n"


def _cells(key: Key, estimates: list[Estimate]) -> tuple[str, ...]:
    quantity = estimates[0].quantity
    row = ComparisonRow(
        *key,
        word="shown",
        status="pass",
        scale=quantity.scale,
        unit=quantity.unit,
        worse=quantity.worse,
    )
    middle = quantity.natural(fmean(estimate.y for estimate in estimates))
    error = fmean(estimate.sigma for estimate in estimates)
    return (
        visible_text(key.stage),
        visible_text(endpoint_text(key.endpoint)),
        visible_text(key.metric),
        visible_text(comparison_formatting.value_text(row, middle)),
        f"{error * 100:.1f} {'pp' if quantity.scale == 'fraction' else '%'}" if error else "",
        formatting.count(sum(estimate.count for estimate in estimates) or None),
        str(len(estimates)),
    )
