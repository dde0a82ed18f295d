"""The columns of Locust's CSV files, and the figures in them.

Of `_requests.csv` (up to 0.13.0) and `_stats.csv` the heads, and what is counted, are as in
locust/stats.py of the tags v0.8.1 to 2.0.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from loadtui.importing.files.sheet import CsvRow
from loadtui.percentile_names import percentile_name
from loadtui.samples.source_figures import SourceFigures

LOCUST_RESOLUTION = 0.048
"""Locust keeps two digits of a latency: 105 ms becomes 100 ms."""
LOCUST_TOTAL = "Aggregated"
"""Name of the row of all requests; it has no type."""
OLD_LOCUST_TOTAL = "Total"
"""The same before 0.12.2."""
_OLD_REQUESTS = "# requests"
_OLD_NAMES = {
    _OLD_REQUESTS: "Request Count",
    "# failures": "Failure Count",
    "Median response time": "Median Response Time",
    "Average response time": "Average Response Time",
    "Min response time": "Min Response Time",
    "Max response time": "Max Response Time",
    "Average Content Size": "Average Content Size",
}
"""Before 1.0 -> since then."""
_PERCENTILE = re.compile(r"(\d+(?:\.\d+)?)%")


def is_old_head(head: Sequence[str]) -> bool:
    """Whether a head has the names of before 1.0."""
    return _OLD_REQUESTS in head


def current_head(head: Sequence[str]) -> list[str]:
    """The names of columns as Locust has had them since 1.0."""
    if not is_old_head(head):
        return list(head)
    before = "Total " if "Timestamp" in head else ""
    names = {old: before + new for old, new in _OLD_NAMES.items()}
    # `99.999` lacks its sign in 0.13 and 0.14.
    return [
        "Type" if name == "Method" else names.get(name, f"{name}%" if name == "99.999" else name)
        for name in head
    ]


def is_total_row(row: CsvRow, *, old: bool = False) -> bool:
    """Whether a row sums up the others; up to 1.0 its type reads `None`."""
    name = row.text("Name")
    known = name == LOCUST_TOTAL or (old and name == OLD_LOCUST_TOTAL)
    return known and row.text("Type") in ("", "None")


def source_figures_of(
    row: CsvRow,
    columns: Iterable[str],
    *,
    before: str = "",
    current: bool = False,
    apart: bool = False,
) -> SourceFigures:
    """The figures of a row.  `before` stands before the names of its columns, as `Total ` in a
    history; with `current` its percentiles are those of the last seconds, and not taken; with
    `apart` failures are not among its requests, as up to 0.8.

    Raises UsageError for what is no number or cannot be.
    """
    timed = requests = row.needed(f"{before}Request Count")
    failures = row.count(f"{before}Failure Count")
    if apart:
        requests += failures or 0
    elif (failures or 0) > requests:
        raise row.wrong(f"{failures} of {requests} requests failed, which cannot be")
    size = row.number(f"{before}Average Content Size")
    percentiles = {} if current else percentiles_of(row, columns)
    latencies = {
        stat: row.number(f"{before}{stat} Response Time") if timed else None
        for stat in ("Median", "Average", "Min", "Max")
    }
    if latencies["Median"] is not None:
        percentiles.setdefault("p50", latencies["Median"])
    return SourceFigures(
        requests=requests,
        failures=failures,
        error_rate=failures / requests if requests and failures is not None else None,
        # Those of a history are of the last seconds, and up to 0.8 of what succeeded.
        rps=None if before or requests > timed else row.number("Requests/s"),
        bytes=None if size is None else round(size * timed),
        mean_ms=latencies["Average"],
        min_ms=latencies["Min"],
        max_ms=latencies["Max"],
        percentiles=percentiles,
    )


def percentiles_of(row: CsvRow, columns: Iterable[str]) -> dict[str, float]:
    """Those of a row by their names, in ms.  Raises UsageError for what is no number."""
    percentiles = {}
    for column in columns:
        match = _PERCENTILE.fullmatch(column)
        value = row.number(column) if match else None
        if match and value is not None:
            percentiles[percentile_name(float(match[1]) / 100)] = value
    return percentiles
