"""Figures in the columns of Locust's CSV files."""

from __future__ import annotations

import re
from collections.abc import Iterable

from loadtui.importing.files.sheet import CsvRow
from loadtui.percentile_names import percentile_name
from loadtui.samples.source_figures import SourceFigures

LOCUST_RESOLUTION = 0.048
"""Locust keeps two digits of a latency: 105 ms becomes 100 ms."""
LOCUST_TOTAL = "Aggregated"
"""Name of the row of all requests; it has no type."""
_PERCENTILE = re.compile(r"(\d+(?:\.\d+)?)%")


def source_figures_of(
    row: CsvRow, columns: Iterable[str], *, before: str = "", current: bool = False
) -> SourceFigures:
    """The figures of a row.  `before` stands before the names of its columns, as `Total ` in a
    history; with `current` its percentiles are those of the last seconds, and not taken.

    Raises UsageError for what is no number or cannot be.
    """
    requests = row.needed(f"{before}Request Count")
    failures = row.count(f"{before}Failure Count")
    if (failures or 0) > requests:
        raise row.wrong(f"{failures} of {requests} requests failed, which cannot be")
    size = row.number(f"{before}Average Content Size")
    percentiles = {} if current else _percentiles(row, columns)
    latencies = {
        stat: row.number(f"{before}{stat} Response Time") if requests else None
        for stat in ("Median", "Average", "Min", "Max")
    }
    if latencies["Median"] is not None:
        percentiles.setdefault("p50", latencies["Median"])
    return SourceFigures(
        requests=requests,
        failures=failures,
        error_rate=failures / requests if requests and failures is not None else None,
        # Those of a history are of the last seconds.
        rps=None if before else row.number("Requests/s"),
        bytes=None if size is None else round(size * requests),
        mean_ms=latencies["Average"],
        min_ms=latencies["Min"],
        max_ms=latencies["Max"],
        percentiles=percentiles,
    )


def _percentiles(row: CsvRow, columns: Iterable[str]) -> dict[str, float]:
    percentiles = {}
    for column in columns:
        match = _PERCENTILE.fullmatch(column)
        value = row.number(column) if match else None
        if match and value is not None:
            percentiles[percentile_name(float(match[1]) / 100)] = value
    return percentiles
