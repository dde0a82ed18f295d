"""Locust's CSV files with chosen counts, in the columns that it writes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

PERCENTILES = ("50%", "66%", "75%", "80%", "90%", "95%", "98%", "99%", "99.9%", "99.99%", "100%")
STATS_HEAD = (
    "Type", "Name", "Request Count", "Failure Count", "Median Response Time",
    "Average Response Time", "Min Response Time", "Max Response Time", "Average Content Size",
    "Requests/s", "Failures/s",
)  # fmt: skip


def stats_csv(
    counts: Mapping[tuple[str, str], tuple[int, int]],
    *,
    p95: float = 120,
    percentiles: Sequence[str] = PERCENTILES,
    delimiter: str = ",",
) -> str:
    """A `_stats.csv`: endpoint -> (requests, failures), and the row of all together."""
    total = tuple(sum(one[at] for one in counts.values()) for at in (0, 1))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow([*STATS_HEAD, *percentiles])
    for (method, name), (requests, failures) in [*counts.items(), (("", "Aggregated"), total)]:
        known = [p95 if one == "95%" else 40 for one in percentiles]
        writer.writerow(
            [method, name, requests, failures, 40, 51.25, 3.5, 240, 18.0, requests / 60,
             failures / 60, *(known if requests else ["N/A"] * len(known))]
        )  # fmt: skip
    return text.getvalue()
