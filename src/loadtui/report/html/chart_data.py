"""The numbers a report's page draws, as one JSON island; its scripts read nothing else.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import json
from typing import Any

from loadtui.printable_text import visible_text
from loadtui.report.account import comparison_formatting
from loadtui.report.account.compared_rows import endpoint_if_any
from loadtui.report.account.run_contents import RunContents
from loadtui.report.html import chart_columns
from loadtui.store.comparison import VERDICT_WORDS, Comparison, ComparisonRow
from loadtui.store.manifest import Manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.run_curves import RunCurves
from loadtui.verdict.run_summary import total_users
from loadtui.verdict.validity import CPU_MAX, WAIT_MAX

ENDPOINTS_DRAWN = 30
"""The busiest endpoints have charts of their own; the table has them all."""
METRICS_DRAWN = 12
INTERVALS_DRAWN = 24

Island = dict[str, Any]


def island(
    run: Run, contents: RunContents, comparison: Comparison | None, base: RunCurves | None
) -> Island:
    """Everything the charts need; `series` and `base` begin with all requests, then one entry for
    each of `endpoints`."""
    manifest = contents.manifest
    data: Island = {
        "duration": _duration(manifest),
        "stages": _stages(manifest),
        "marks": [
            {
                "t": round(mark.second, 1),
                "kind": visible_text(mark.kind),
                "text": visible_text(mark.text),
            }
            for mark in manifest.marks
        ],
        "limits": {"cpu": CPU_MAX, "wait": WAIT_MAX},
        "intervals": _intervals(comparison),
        "endpoints": [],
        "series": [],
        "curves": [],
        "shares": chart_columns.percentile_shares(),
        "base": [],
        "base_curves": [],
        "timeline": None,
        "metrics": [],
    }
    if not manifest.checksums:
        return data
    duration = data["duration"]
    step = chart_columns.step_for(duration, chart_columns.ALL_POINTS)
    each_step = chart_columns.step_for(duration, chart_columns.EACH_POINTS)
    data["step"], data["each_step"] = step, each_step
    if manifest.most_users is not None and manifest.by_second:
        data["timeline"] = chart_columns.timeline_columns(run, step)
        if manifest.imported is not None:
            in_flight = data["timeline"]["in_flight"]
            data["timeline"]["in_flight"] = [None] * len(in_flight)  # No source says.
    data["metrics"] = _metrics(run, contents, each_step)
    if not _has_samples(run):
        return data
    labels = drawn_endpoints(contents)
    data["endpoints"] = [visible_text(label) for label in labels]
    whole, each = RunCurves.of_run(run, step), RunCurves.of_run(run, each_step)
    places: list[tuple[RunCurves, str | None]] = [(whole, None), *((each, name) for name in labels)]
    for drawing, endpoint in places:
        data["series"].append(chart_columns.columns_over_time(drawing, manifest, endpoint))
        data["curves"].append(chart_columns.columns_by_percentile(drawing, manifest, endpoint))
    if base is not None:
        for _, endpoint in places:
            data["base"].append(chart_columns.columns_over_time(base, manifest, endpoint))
            data["base_curves"].append(
                chart_columns.columns_by_percentile(base, manifest, endpoint)
            )
    return data


def to_script(data: Island) -> str:
    """The island as text that no name in it can end: JSON without `<`, `>` and `&`."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _duration(manifest: Manifest) -> float:
    return max([manifest.duration_s, 1.0, *(float(span.end) for span in manifest.stages)])


def _stages(manifest: Manifest) -> list[Island]:
    names = chart_columns.stage_names_of(manifest)
    return [
        {
            "name": visible_text(name),
            "users": None if manifest.most_users is None else total_users(span.users),
            "start": span.start,
            "end": span.end,
            "from": span.measured_from,
            "to": span.measured_to,
            "steered": span.steered,
        }
        for name, span in zip(names, manifest.stages, strict=True)
    ]


def _has_samples(run: Run) -> bool:
    return bool(run.manifest.stages) and run.windows().height > 0


def drawn_endpoints(contents: RunContents) -> list[str]:
    """Labels of the endpoints that have charts, the busiest first."""
    counted = {
        row.endpoint.label: row.figures.whole.requests or 0
        for row in contents.summary.endpoints
        if row.stage is None
    }
    return sorted(counted, key=lambda label: (-counted[label], label))[:ENDPOINTS_DRAWN]


def _metrics(run: Run, contents: RunContents, step_s: int) -> list[Island]:
    return [
        {
            "name": visible_text(metric.name),
            "kind": metric.kind,
            "unit": visible_text(metric.info.unit),
            "step": step_s,
            **chart_columns.metric_over_time(run, metric, step_s),
        }
        for metric in contents.summary.metrics[:METRICS_DRAWN]
    ]


def _intervals(comparison: Comparison | None) -> list[Island]:
    """Tested changes in percent with their intervals, the gravest first, then the largest."""
    if comparison is None:
        return []
    rows = [
        row
        for row in comparison.rows
        if row.scale == "log" and row.tested and None not in (row.change, row.low, row.high)
    ]
    rows = [row for row in rows if row.word != "unchanged"] or rows
    rows.sort(
        key=lambda row: (
            row.status != "fail",
            VERDICT_WORDS.index(row.word),
            -abs(row.change or 0.0),
        )
    )
    return [_interval(row) for row in rows[:INTERVALS_DRAWN]]


def _interval(row: ComparisonRow) -> Island:
    low, high = sorted((_written(row, row.low), _written(row, row.high)))
    return {
        "label": " · ".join(
            visible_text(part)
            for part in (row.stage, row.metric, endpoint_if_any(row) or "")
            if part
        ),
        "word": row.word,
        "status": row.status,
        "change": _written(row, row.change),
        "low": low,
        "high": high,
        "warn": _written(row, row.warn),
        "fail": _written(row, row.fail),
        "text": comparison_formatting.change_text(row),
        "between": comparison_formatting.interval_text(row),
        "values": " → ".join(
            visible_text(comparison_formatting.value_text(row, number))
            for number in (row.base, row.current)
        ),
    }


def _written(row: ComparisonRow, on_scale: float | None) -> float:
    return 0.0 if on_scale is None else round(row.written(on_scale), 4)
