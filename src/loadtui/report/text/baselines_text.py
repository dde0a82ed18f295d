"""Baselines for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from loadtui.report.account import comparison_formatting, formatting
from loadtui.report.json.run_document import JsonDocument
from loadtui.report.text.paint import Paint
from loadtui.report.text.text_table import TextColumn, shorten, text_table, visible_text
from loadtui.samples.estimate import NO_ENDPOINT, Estimate, Key
from loadtui.store.baseline import Baseline
from loadtui.store.comparison import ComparisonRow


def baselines_document(baselines: Sequence[Baseline]) -> list[JsonDocument]:
    """An object a baseline, in the order given."""
    return [
        {
            "name": one.name,
            "plan": one.plan,
            "provenance": one.provenance,
            "fingerprint": one.fingerprint,
            "runs": [run.run for run in one.runs],
            "promoted": one.runs[-1].promoted,
        }
        for one in baselines
    ]


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
            visible_text(one.name),
            visible_text(one.plan),
            one.provenance,
            str(len(one.runs)),
            visible_text(one.runs[-1].promoted),
        )
        for one in baselines
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
    head, *body = text_table(columns, [_cells(key, found) for key, found in values.items()], width)
    return "\n".join([*lines, "", paint(head, "dim"), *body]) + "\n"


def _cells(key: Key, found: list[Estimate]) -> tuple[str, ...]:
    quantity = found[0].quantity
    row = ComparisonRow(
        *key,
        word="shown",
        status="pass",
        scale=quantity.scale,
        unit=quantity.unit,
        worse=quantity.worse,
    )
    middle = quantity.natural(fmean(one.y for one in found))
    error = fmean(one.sigma for one in found)
    return (
        visible_text(key.stage),
        "(any)" if key.endpoint == NO_ENDPOINT else visible_text(key.endpoint),
        visible_text(key.metric),
        visible_text(comparison_formatting.value_text(row, middle)),
        f"{error * 100:.1f} {'pp' if quantity.scale == 'fraction' else '%'}" if error else "",
        formatting.count(sum(one.count for one in found)),
        str(len(found)),
    )
