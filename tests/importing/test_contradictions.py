"""Figures of a source that cannot all be true."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.importing.contradictions import check_figures
from loadtui.importing.source import ImportSource
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable


def source_of(figures: SourceFigures, resolution: float | None = None) -> ImportSource:
    source = ImportSource("metrics", "figures", [Path("m.json")], "m", resolution=resolution)
    source.record.endpoints.add("GET", "/a")
    source.figures = SourceFigureTable(SourceFigures(), [figures])
    return source


@pytest.mark.parametrize(
    ("figures", "why"),
    [
        (SourceFigures(min_ms=20, percentiles={"p95": 12}), "minimum of 20 ms and a p95 of 12"),
        (SourceFigures(max_ms=20, percentiles={"p95": 32}), "p95 of 32 ms and a maximum of 20"),
        (SourceFigures(percentiles={"p99": 12, "p50": 32}), "p50 of 32 ms and a p99 of 12"),
        (SourceFigures(percentiles={"p99.9": 12, "p99": 32}), "p99 of 32 ms and a p99.9 of 12"),
        (SourceFigures(min_ms=9, mean_ms=5), "minimum of 9 ms and a mean of 5"),
        (SourceFigures(mean_ms=50, max_ms=9), "mean of 50 ms and a maximum of 9"),
        (SourceFigures(min_ms=50, max_ms=9), "minimum of 50 ms and a maximum of 9"),
    ],
)
def test_what_cannot_be_is_told_by_name(figures: SourceFigures, why: str) -> None:
    source = source_of(figures)
    check_figures(source)
    (told,) = source.remarks
    assert told.startswith("GET /a: a ")
    assert why in told


def test_more_failures_than_requests_are_refused() -> None:
    with pytest.raises(UsageError, match=r"m\.json: GET /a: 6 of 5 requests failed") as error:
        check_figures(source_of(SourceFigures(requests=5, failures=6)))
    assert error.value.exit_code == 2


def test_of_very_many_only_some_are_told() -> None:
    percentiles = {f"p{share}": 3000.0 - 100 * share for share in range(1, 21)}
    source = source_of(SourceFigures(percentiles=percentiles))
    check_figures(source)
    assert source.remarks[5:] == ["and 14 more of its figures contradict each other"]


@pytest.mark.parametrize(
    "figures",
    [
        SourceFigures(),
        SourceFigures(requests=5, failures=5),
        SourceFigures(failures=5),
        SourceFigures(min_ms=3.4, percentiles={"p50": 3, "p95": 3}, max_ms=3.4),
        SourceFigures(mean_ms=10.004, max_ms=10),
        SourceFigures(min_ms=0, mean_ms=0, max_ms=0, percentiles={"p50": 0}),
    ],
)
def test_what_is_rounded_or_missing_is_not(figures: SourceFigures) -> None:
    source = source_of(figures)
    check_figures(source)
    assert source.remarks == []


def test_a_source_may_round_more() -> None:
    figures = SourceFigures(percentiles={"p99": 1100}, max_ms=1051)
    for resolution, told in ((0.048, 0), (None, 1)):
        source = source_of(figures, resolution)
        check_figures(source)
        assert len(source.remarks) == told
