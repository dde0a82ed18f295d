"""The tables of a report's page: cells as people read them, each with the number it sorts by."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.report.account import comparison_formatting, formatting
from loadtui.report.account.compared_rows import notable_rows, row_detail, row_endpoint
from loadtui.report.account.metric_formatting import metric_lines, metrics_left_out
from loadtui.report.account.run_contents import RunContents, raised_at
from loadtui.report.account.threshold_formatting import threshold_value
from loadtui.report.account.verdict_words import (
    NOT_JUDGED,
    THRESHOLD_STATUSES,
    UNKNOWN_ERRORS,
    row_wording,
)
from loadtui.report.html.view import View, wording_view
from loadtui.samples.connection_failure import error_text
from loadtui.samples.figures import Figures
from loadtui.store.comparison import VERDICT_WORDS, Comparison, ComparisonRow
from loadtui.store.manifest import Manifest
from loadtui.verdict.run_summary import EndpointSummary, StageSummary, Summary

ENDPOINT_ROWS = 2_000
"""Rows of the table of endpoints in a page; of more endpoints the busiest."""
COMPARISON_ROWS = 600
"""Rows of the table of a comparison; of more those that changed, then the first."""
ERROR_ROWS = 100
TELLING_ERROR_RATE = 0.01
"""From here on the failures of a row are red: what every run must meet by default."""
EXCEPTION_ROWS = 20


def figure_cells(figures: Figures) -> list[View]:
    """Requests, requests/s, failed %, then the percentiles of the report and max in ms."""
    latencies = (*figures.percentiles.values(), figures.max_ms)
    failed = " bad" if (figures.error_rate or 0.0) >= TELLING_ERROR_RATE else ""
    return [
        _cell(formatting.count(figures.requests), figures.requests),
        _cell(formatting.rate(figures.rps), figures.rps),
        _cell(formatting.percent_points(figures.error_rate), figures.error_rate, failed),
        *(_cell(formatting.millis(ms), ms) for ms in latencies),
    ]


def endpoint_table(summary: Summary, drawn: Sequence[str]) -> View:
    """Rows by scope: the whole run under "", and by its number each stage, which is told of by its
    measured part where it has one.  `drawn` are the labels of those that have charts."""
    whole = [row for row in summary.endpoints if row.stage is None]
    whole.sort(key=lambda row: (-(row.figures.whole.requests or 0), row.endpoint.label))
    shown = whole[:ENDPOINT_ROWS]
    stages: list[StageSummary] = summary.stages
    room = ENDPOINT_ROWS - len(shown)
    by_stage = [row for row in summary.endpoints if row.stage is not None]
    # Of stages that are called the same the table of endpoints cannot tell which is which.
    named = len({stage.span.name for stage in stages}) == len(stages)
    if len(by_stage) > room or not named or len(stages) < 2:
        by_stage, stages = [], []
    scopes = [{"key": "", "name": "whole run", "cells": figure_cells(summary.totals.whole)}]
    for stage in stages:
        part = "measured part" if stage.measured_seconds else "whole stage"
        figures = stage.figures.measured if stage.measured_seconds else stage.figures.whole
        scopes.append(
            {
                "key": stage.span.name,
                "name": f"{stage.span.name}, {part}",
                "cells": figure_cells(figures),
            }
        )
    numbers_of = {label: at for at, label in enumerate(drawn, 1)}
    measured = {stage.span.name for stage in stages if stage.measured_seconds}
    return {
        "scopes": scopes,
        "rows": [_endpoint(row, measured, numbers_of) for row in (*shown, *by_stage)],
        "count": len(shown),
        "left_out": formatting.count(len(whole) - len(shown)) if len(whole) > len(shown) else "",
    }


def _endpoint(row: EndpointSummary, measured: set[str], drawn: dict[str, int]) -> View:
    figures = row.figures.measured if row.stage in measured else row.figures.whole
    return {
        "scope": row.stage or "",
        "drawn": drawn.get(row.endpoint.label, 0),
        "method": row.endpoint.method,
        "name": row.endpoint.name,
        "cells": figure_cells(figures),
    }


def stage_rows(summary: Summary) -> list[View]:
    """A row a stage, and under it its measured part where that is another."""
    rows = []
    for stage in summary.stages:
        steered = " (steered)" if stage.span.steered else ""
        rows.append(
            {
                "name": stage.span.name + steered,
                "part": "",
                "users": formatting.count(stage.users),
                "length": formatting.duration(stage.seconds),
                "cells": figure_cells(stage.figures.whole),
            }
        )
        if 0 < stage.measured_seconds < stage.seconds:
            rows.append(
                {
                    "name": "measured part",
                    "part": "part",
                    "users": "",
                    "length": formatting.duration(stage.measured_seconds),
                    "cells": figure_cells(stage.figures.measured),
                }
            )
    return rows


def threshold_rows(manifest: Manifest) -> list[View]:
    rows = []
    for result in manifest.thresholds:
        wording = THRESHOLD_STATUSES[result.status] if manifest.validity.valid else NOT_JUDGED
        rows.append(
            {
                **wording_view(wording),
                "check": result.check,
                "default": result.default,
                "stage": result.stage or "whole run",
                "endpoint": result.endpoint or "total",
                "value": threshold_value(result),
                "reason": result.reason,
            }
        )
    return sorted(rows, key=lambda row: row["tone"] == "good")


def comparison_rows(comparison: Comparison) -> View:
    """`rows`, each saying whether it is worth `telling`, and how many are `left_out`."""
    rows = comparison.rows
    telling = {row.key for row in notable_rows(rows)}
    telling |= {row.key for row in rows if row.undecided or row.named}
    if len(rows) > COMPARISON_ROWS:
        first = [row for row in rows if row.key in telling]
        first += [row for row in rows if row.key not in telling]
        chosen = {row.key for row in first[:COMPARISON_ROWS]}
        rows = [row for row in rows if row.key in chosen]
    left_out = sum(comparison.counts.values()) - len(rows)
    return {
        "rows": sorted(
            (_compared(row, row.key in telling, comparison) for row in rows),
            key=lambda shown: (not shown["changed"], shown["gravity"]),
        ),
        "telling": sum(row.key in telling for row in rows),
        "filter": _filter_name(rows),
        "left_out": formatting.count(left_out) if left_out > 0 else "",
    }


def _filter_name(rows: Sequence[ComparisonRow]) -> str:
    """What the rows that are telling have in common."""
    if any(row.named and not row.undecided for row in rows):
        return "only what changed, is undecided or is named by the plan"
    return "only what changed or is undecided"


def _compared(row: ComparisonRow, telling: bool, comparison: Comparison) -> View:
    wording = row_wording(row)
    told_once = comparison.not_compared and row.word == "not comparable"
    change = None if row.change is None else row.written(row.change)
    gravity = VERDICT_WORDS.index(row.word) + (0 if row.status == "fail" else len(VERDICT_WORDS))
    return {
        "changed": telling,
        **wording_view(wording),
        "gravity": gravity,
        "stage": row.stage,
        "endpoint": row_endpoint(row),
        "metric": row.metric,
        "cells": [
            _cell(comparison_formatting.value_text(row, row.base), row.base),
            _cell(comparison_formatting.value_text(row, row.current), row.current),
            _cell(comparison_formatting.change_text(row), change),
        ],
        "interval": comparison_formatting.interval_text(row),
        "detail": "" if told_once else row_detail(row),
    }


def error_rows(contents: RunContents) -> View:
    rows = [
        {
            "count": _cell(formatting.count(error.count), error.count),
            "endpoint": f"{error.method} {error.name}".strip(),
            "message": error_text(error.message),
            "first": _clock(error.first),
            "last": _clock(error.last),
        }
        for error in contents.errors[:ERROR_ROWS]
    ]
    known = contents.manifest.errors_known
    return {
        "rows": rows,
        "left_out": max(len(contents.errors) - ERROR_ROWS, 0),
        "none": "No request failed." if known else UNKNOWN_ERRORS,
    }


def exception_rows(contents: RunContents) -> View:
    rows = [
        {
            "count": formatting.count(exception.count),
            "message": exception.message,
            "place": raised_at(exception.traceback),
            "traceback": exception.traceback,
        }
        for exception in contents.exceptions[:EXCEPTION_ROWS]
    ]
    return {"rows": rows, "left_out": max(len(contents.exceptions) - EXCEPTION_ROWS, 0)}


def metric_table_rows(summary: Summary) -> View:
    """A row for each metric, and under it one for each of several stages."""
    rows = [
        {
            "name": line.name if line.stage is None else line.stage,
            "part": "" if line.stage is None else "part",
            "kind": line.kind if line.stage is None else "",
            "text": line.text,
        }
        for line in metric_lines(summary)
    ]
    return {"rows": rows, "left_out": metrics_left_out(summary)}


def _cell(text: str, value: float | None, tone: str = "") -> View:
    """`value` sorts the cell; one without a value comes last."""
    return {"text": text, "value": "" if value is None else f"{value:.10g}", "tone": tone}


def _clock(seconds: float | None) -> View:
    return _cell(formatting.NOTHING if seconds is None else formatting.clock(seconds), seconds)
