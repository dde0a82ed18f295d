"""Percentiles that a distribution's rows say, and those that they leave open."""

from __future__ import annotations

import pytest

from loadtui.importing.wrk.percentile_spectrum import read_spectrum, spectrum_head

HEAD = "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
FOOT = "#[Mean    =        5.000, StdDeviation   =        1.000]\n"
FOOT += "#[Max     =        9.000, Total count    =          100]\n#[Buckets = 1, SubBuckets = 2]\n"


def rows(*values: tuple[float, float, int]) -> list[str]:
    return [f"{value:12.3f} {share:.12f} {count:10d}   1.00\n" for value, share, count in values]


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("Value Percentile TotalCount 1/(1-Percentile)\n", ""),
        ('"Value","Percentile","TotalCount","1/(1-Percentile)"\r\n', ""),
        ("Value(ms)   Percentile  TotalCount  1/(1-Percentile)\n", "ms"),
        ("  Value (US) Percentile TotalCount 1/(1-Percentile)", "us"),
    ],
)
def test_heads(line: str, unit: str) -> None:
    head = spectrum_head(line)
    assert head is not None
    assert head.unit == unit


@pytest.mark.parametrize("line", ["", "Value Percentile", "Value,Percentile,Count", "Running"])
def test_no_heads(line: str) -> None:
    assert spectrum_head(line) is None


@pytest.mark.parametrize(
    ("below", "above", "p99"),
    [
        ((7, 0.984375, 98), (7, 0.9921875, 99), 7),
        ((7, 0.984375, 98), (8, 0.9921875, 99), 8),
        ((7, 0.984375, 99), (8, 0.9921875, 100), 7),
        ((7, 0.984375, 98), (8, 0.9921875, 100), None),
        ((7, 0.5, 60), (8, 0.9921875, 100), None),
        ((7, 0.5, 60), (8, 0.99, 100), 8),
    ],
    ids=["both alike", "the last of the upper", "within the lower", "two of the upper", "far",
         "a row of its own"],
)  # fmt: skip
def test_a_percentile_between_rows(
    below: tuple[float, float, int], above: tuple[float, float, int], p99: float | None
) -> None:
    spectrum = read_spectrum([HEAD, *rows((1, 0, 1), below, above, (9, 1, 100)), FOOT])
    assert spectrum is not None
    assert spectrum.percentiles().get("p99") == p99


def test_the_figures_of_a_distribution() -> None:
    lines = [HEAD, *rows((1, 0, 1), (5, 0.5, 50), (9, 1, 100)), FOOT]
    spectrum = read_spectrum([*lines, *rows((1, 0, 1))])
    assert spectrum is not None
    figures = spectrum.figures(0.5)
    assert (figures.requests, figures.mean_ms, figures.min_ms, figures.max_ms) == (
        100, 2.5, 0.5, 4.5)  # fmt: skip
    assert figures.percentiles["p50"] == 2.5
    assert figures.percentiles.keys().isdisjoint(["p90", "p95", "p99"])
    assert figures.failures is None


def test_one_that_is_cut_off_has_no_count() -> None:
    spectrum = read_spectrum([HEAD, *rows((1, 0, 1), (5, 0.5, 50))])
    assert spectrum is not None
    assert spectrum.figures(1).requests is None
    assert spectrum.figures(1).max_ms is None
    assert not spectrum.is_whole


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        ((4, 0.9, 90), "its numbers fall"),
        ((6, 0.4, 90), "its numbers fall"),
        ((6, 0.9, 40), "its numbers fall"),
        ((6, 1.1, 90), "1.1 is no share of all"),
        ((1e16, 1, 90), "is larger than anything"),
    ],
)
def test_rows_that_cannot_be(after: tuple[float, float, int], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_spectrum([HEAD, *rows((1, 0, 1), (5, 0.5, 50), after)])
