"""Percentile distributions that HdrHistogram wrote, beside the values that were recorded."""

from __future__ import annotations

import gzip
import math
import random
from collections.abc import Callable
from pathlib import Path
from statistics import fmean

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.importing.wrk.hgrm import HGRM
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

DIGITS = 1e-3
"""The histograms were made with three digits."""
FILES = {
    "thousands": (1, 5000, 1000), "few": (2, 40, 1000), "one": (3, 1, 1000),
    "fine": (4, 20_000, 1000), "commas": (5, 3000, 1000), "microseconds": (6, 2000, 1),
    "python": (1, 5000, 1000),
}  # fmt: skip
"""Name -> the seed of the values, how many, and what they were divided by."""


def recorded(seed: int, count: int, divided: int) -> list[float]:
    draw = random.Random(seed)
    return sorted((int(draw.lognormvariate(10, 1.2)) + 1) / divided for _ in range(count))


@pytest.mark.parametrize("name", FILES)
def test_figures_are_those_of_the_values(read: Read, data: Path, name: str) -> None:
    source = read(data / "hdrhistogram" / f"{name}.hgrm")
    values = recorded(*FILES[name])
    assert source.figures is not None
    total = source.figures.total
    assert total.requests == len(values)
    assert total.max_ms == pytest.approx(values[-1], rel=DIGITS)
    assert total.min_ms == pytest.approx(values[0], rel=DIGITS)
    assert total.failures is None
    if name != "commas":
        assert total.mean_ms == pytest.approx(fmean(values), rel=DIGITS)
    assert len(total.percentiles) >= 1
    for percentile, ms in total.percentiles.items():
        rank = math.ceil(round(float(percentile[1:]) / 100 * len(values), 6))
        # Names have four decimals of a percent, which may be a rank apart among many.
        near = values[max(rank - 2, 0) : rank + 1]
        assert near[0] * (1 - DIGITS) <= ms <= near[-1] * (1 + DIGITS), percentile


@pytest.mark.parametrize("name", FILES)
def test_the_usual_percentiles_are_there_where_they_are_certain(
    read: Read, data: Path, name: str
) -> None:
    source = read(data / "hdrhistogram" / f"{name}.hgrm")
    assert source.figures is not None
    found = source.figures.total.percentiles
    if name != "python":
        assert "p50" in found
    if name not in ("python", "one"):
        assert {"p90", "p95"} <= found.keys()
    values = recorded(*FILES[name])
    for percentile in ("p50", "p90", "p95", "p99", "p99.9"):
        if percentile in found:
            rank = math.ceil(round(float(percentile[1:]) / 100 * len(values), 6))
            assert found[percentile] == pytest.approx(values[rank - 1], rel=DIGITS)


def test_what_the_rows_leave_open_is_told_with_its_bounds(read: Read, data: Path) -> None:
    source = read(data / "hdrhistogram" / "thousands.hgrm")
    (told,) = [one for one in source.remarks if one.startswith("no row has the p99")]
    low, high = (float(word) for word in told.split() if word.replace(".", "").isdecimal())
    p99 = recorded(*FILES["thousands"])[math.ceil(0.99 * 5000) - 1]
    assert low < p99 <= high * (1 + DIGITS)
    assert high < low * 1.1


def test_vegetas_plot_says_its_unit(read: Read, data: Path) -> None:
    source = read(data / "hdrhistogram" / "mixed.hdrplot")
    assert source.figures is not None
    total = source.figures.total
    assert total.requests == 100
    assert {"p50", "p90", "p95"} <= total.percentiles.keys()
    assert not any("taken for milliseconds" in one for one in source.remarks)


HEAD = "Value Percentile TotalCount 1/(1-Percentile)\n\n"
ROWS = "2.000 0.0 1 1.00\n4.000 0.5 5 2.00\n8.000 1.0 10\n"
FOOT = "#[Mean = 4.5, StdDeviation = 1]\n#[Max = 8.0, Total count = 10]\n"


@pytest.mark.parametrize(
    ("unit", "ms"),
    [("", 1), ("(ms)", 1), ("(us)", 1e-3), (" (usec)", 1e-3), ("(ns)", 1e-6), ("(s)", 1e3)],
)
def test_units(read: Read, written: Written, unit: str, ms: float) -> None:
    text = HEAD.replace("Value", f"Value{unit}") + ROWS + FOOT
    source = read(written("a.hgrm", gzip.compress(text.replace("\n", "\r\n").encode(), mtime=0)))
    assert source.figures is not None
    total = source.figures.total
    assert total.percentiles["p50"] == pytest.approx(4 * ms)
    assert (total.mean_ms, total.max_ms) == (pytest.approx(4.5 * ms), pytest.approx(8 * ms))
    assert any("taken for milliseconds" in one for one in source.remarks) == (unit == "")


def test_a_file_that_says_nothing_of_failures_does_not_pass(
    saved: SaveRun, written: Written
) -> None:
    comment = "#[StartTime: 1777629600.500 (seconds since epoch), Fri May 01 10:00:00 UTC 2026]\n"
    run = saved(written("a.hgrm", "\ufeff" + comment + HEAD + ROWS + FOOT))
    assert run.manifest.verdict == "fail"
    assert run.manifest.totals.requests == 10
    assert run.manifest.started == "2026-05-01T10:00:00Z"


def test_one_that_is_cut_off_is_told(read: Read, written: Written) -> None:
    source = read(written("a.hgrm", HEAD + ROWS[:36]))
    assert "the distribution is cut off: it does not go on to 100 %" in source.remarks
    assert "requests" in source.absent


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD, "holds no distribution of latencies"),
        (HEAD + FOOT, "holds no distribution of latencies"),
        (HEAD.replace("Value", "Value(MB)") + ROWS, "are in 'mb', which is no unit of time"),
        (HEAD + ROWS.replace("8.000", "1.000"), "a.hgrm: its numbers fall"),
        (HEAD + ROWS + FOOT.replace("= 10]", "= 0]"), "holds no request"),
        (HEAD + ROWS + FOOT.replace("= 10]", "= 1.5]"), "'1.5' is no whole number"),
        (HEAD + ROWS + FOOT.replace("4.5", "1e400"), "is no finite number"),
    ],
)
def test_what_cannot_be_is_refused(read: Read, written: Written, text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read(written("a.hgrm", text))
    assert HGRM.name.startswith("HdrHistogram")
