"""The numbers a report's page draws, as one JSON island; its scripts read nothing else.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import json
from typing import Any

from loadtui.report import comparison_numbers, html_series
from loadtui.report.findings import Findings
from loadtui.report.table import visible
from loadtui.samples.estimate import NO_ENDPOINT, TOTAL
from loadtui.store.comparison import WORDS, Comparison, Row
from loadtui.store.manifest import Manifest
from loadtui.store.run import Run
from loadtui.verdict.curves import Drawing
from loadtui.verdict.summary import total_users
from loadtui.verdict.validity import CPU_MAX, WAIT_MAX

ENDPOINTS_DRAWN = 30
"""The busiest endpoints have charts of their own; the table has them all."""
METRICS_DRAWN = 12
INTERVALS_DRAWN = 24

Island = dict[str, Any]


def island(
    run: Run, found: Findings, comparison: Comparison | None, base: Drawing | None
) -> Island:
    """Everything the charts need; `series` and `base` begin with all requests, then one entry for
    each of `endpoints`."""
    manifest = found.manifest
    data: Island = {
        "duration": _duration(manifest),
        "stages": _stages(manifest),
        "marks": [
            {"t": round(mark.second, 1), "kind": visible(mark.kind), "text": visible(mark.text)}
            for mark in manifest.marks
        ],
        "limits": {"cpu": CPU_MAX, "wait": WAIT_MAX},
        "intervals": _intervals(comparison),
        "endpoints": [],
        "series": [],
        "curves": [],
        "shares": html_series.shares(),
        "base": [],
        "base_curves": [],
        "timeline": None,
        "metrics": [],
    }
    if not manifest.checksums:
        return data
    duration = data["duration"]
    step = html_series.step_for(duration, html_series.ALL_POINTS)
    each_step = html_series.step_for(duration, html_series.EACH_POINTS)
    data["step"], data["each_step"] = step, each_step
    if manifest.most_users is not None:
        data["timeline"] = html_series.timeline(run, step)
    data["metrics"] = _metrics(run, found, each_step)
    if not _has_samples(run):
        return data
    labels = drawn_endpoints(found)
    data["endpoints"] = [visible(label) for label in labels]
    whole, each = Drawing.of_run(run, step), Drawing.of_run(run, each_step)
    places: list[tuple[Drawing, str | None]] = [(whole, None), *((each, name) for name in labels)]
    for drawing, endpoint in places:
        data["series"].append(html_series.over_time(drawing, manifest, endpoint))
        data["curves"].append(html_series.by_percentile(drawing, manifest, endpoint))
    if base is not None:
        for _, endpoint in places:
            data["base"].append(html_series.over_time(base, manifest, endpoint))
            data["base_curves"].append(html_series.by_percentile(base, manifest, endpoint))
    return data


def to_script(data: Island) -> str:
    """The island as text that no name in it can end: JSON without `<`, `>` and `&`."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _duration(manifest: Manifest) -> float:
    return max([manifest.duration_s, 1.0, *(float(span.end) for span in manifest.stages)])


def _stages(manifest: Manifest) -> list[Island]:
    names = html_series.stage_names_of(manifest)
    return [
        {
            "name": visible(name),
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


def drawn_endpoints(found: Findings) -> list[str]:
    """Labels of the endpoints that have charts, the busiest first."""
    counted = {
        row.endpoint.label: row.figures.whole.requests or 0
        for row in found.summary.endpoints
        if row.stage is None
    }
    return sorted(counted, key=lambda label: (-counted[label], label))[:ENDPOINTS_DRAWN]


def _metrics(run: Run, found: Findings, step_s: int) -> list[Island]:
    return [
        {
            "name": visible(metric.name),
            "kind": metric.kind,
            "unit": visible(metric.info.unit),
            "step": step_s,
            **html_series.metric_over_time(run, metric, step_s),
        }
        for metric in found.summary.metrics[:METRICS_DRAWN]
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
        key=lambda row: (row.status != "fail", WORDS.index(row.word), -abs(row.change or 0.0))
    )
    return [_interval(row) for row in rows[:INTERVALS_DRAWN]]


def _interval(row: Row) -> Island:
    low, high = sorted((_written(row, row.low), _written(row, row.high)))
    return {
        "label": " · ".join(
            visible(part) for part in (row.stage, row.metric, _endpoint(row)) if part
        ),
        "word": row.word,
        "status": row.status,
        "change": _written(row, row.change),
        "low": low,
        "high": high,
        "warn": _written(row, row.warn),
        "fail": _written(row, row.fail),
        "text": comparison_numbers.change(row),
        "between": comparison_numbers.interval(row),
        "values": " → ".join(
            visible(comparison_numbers.value(row, number)) for number in (row.base, row.current)
        ),
    }


def _written(row: Row, on_scale: float | None) -> float:
    return 0.0 if on_scale is None else round(row.written(on_scale), 4)


def _endpoint(row: Row) -> str:
    if row.endpoint == NO_ENDPOINT:
        return ""
    return "total" if row.endpoint == TOTAL else row.endpoint
