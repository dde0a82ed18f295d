"""Baselines for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from loadtui.report import comparison_numbers, numbers
from loadtui.report.document import Document
from loadtui.report.style import Paint
from loadtui.report.table import Column, shorten, table, visible
from loadtui.samples.estimate import NO_ENDPOINT, Estimate, Key
from loadtui.store.baseline import Baseline
from loadtui.store.comparison import Row


def list_document(baselines: Sequence[Baseline]) -> list[Document]:
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


def list_text(baselines: Sequence[Baseline], width: int, color: bool) -> str:
    """A line a baseline under a head."""
    columns = [
        Column("baseline", right=False, gives_way=True),
        Column("plan", right=False, gives_way=True),
        Column("numbers", right=False),
        Column("runs"),
        Column("last promoted", right=False),
    ]
    rows = [
        (
            visible(one.name),
            visible(one.plan),
            one.provenance,
            str(len(one.runs)),
            visible(one.runs[-1].promoted),
        )
        for one in baselines
    ]
    head, *lines = table(columns, rows, width)
    return "\n".join([Paint(color)(head, "dim"), *lines]) + "\n"


def show_text(baseline: Baseline, width: int, color: bool) -> str:
    """What a baseline says: its runs, and the mean of every metric with its standard error."""
    paint = Paint(color)
    title = f"{visible(baseline.name)} · plan {visible(baseline.plan)} · {baseline.provenance}"
    lines = [paint(shorten(title, width), "strong")]
    for run in baseline.runs:
        commit = f" · commit {run.git.commit[:12]}" if run.git else ""
        dirty = " (dirty)" if run.git and run.git.dirty else ""
        text = f"  {run.run} · promoted {run.promoted}{commit}{dirty}"
        lines.append(shorten(visible(text), width))
    values: dict[Key, list[Estimate]] = {}
    for estimates in baseline.estimates():
        for key, estimate in estimates.items():
            values.setdefault(key, []).append(estimate)
    columns = [
        Column("stage", right=False, gives_way=True),
        Column("endpoint", right=False, gives_way=True),
        Column("metric", right=False, gives_way=True),
        Column("value"),
        Column("± se"),
        Column("samples"),
        Column("runs"),
    ]
    head, *body = table(columns, [_cells(key, found) for key, found in values.items()], width)
    return "\n".join([*lines, "", paint(head, "dim"), *body]) + "\n"


def _cells(key: Key, found: list[Estimate]) -> tuple[str, ...]:
    quantity = found[0].quantity
    row = Row(
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
        visible(key.stage),
        "(any)" if key.endpoint == NO_ENDPOINT else visible(key.endpoint),
        visible(key.metric),
        visible(comparison_numbers.value(row, middle)),
        f"{error * 100:.1f} {'pp' if quantity.scale == 'fraction' else '%'}" if error else "",
        numbers.count(sum(one.count for one in found)),
        str(len(found)),
    )
