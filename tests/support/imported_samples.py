"""What the samples of an imported run come to by endpoint, read from its record."""

from __future__ import annotations

from typing import NamedTuple

from loadtui.importing.source import ImportSource
from loadtui.samples.bins import bin_midpoint


class EndpointSamples(NamedTuple):
    requests: int
    failures: int
    sum_us: int
    min_us: int
    max_us: int
    bytes: int
    median_us: float
    """The middle of the bin of the lower of the two in the middle."""


def samples_by_endpoint(source: ImportSource) -> dict[tuple[str, str], EndpointSamples]:
    """By method and name; ValueError where bins and windows count differently."""
    windows, cells = source.record.windows.frame(), source.record.cells.frame()
    found = {}
    for number, endpoint in enumerate(source.record.endpoints.entries):
        mine, bins = windows.filter(endpoint=number), cells.filter(endpoint=number).sort("bin")
        count = mine["count"].sum()
        if count != bins["count"].sum():
            raise ValueError(f"{endpoint}: {count} in windows, {bins['count'].sum()} in bins")
        middle = bins.filter(bins["count"].cum_sum() > (count - 1) // 2)["bin"][0]
        found[endpoint] = EndpointSamples(
            count,
            mine.filter(ok=0)["count"].sum(),
            mine["sum_us"].sum(),
            mine["min_us"].min(),
            mine["max_us"].max(),
            mine["bytes"].sum(),
            bin_midpoint(middle),
        )
    return found
