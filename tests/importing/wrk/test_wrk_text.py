"""What wrk and wrk2 printed, read by eye; and what cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.importing.wrk.wrk_text import read_wrk_text
from loadtui.samples.source_figures import SourceFigures
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

PRINTED = """Running 30s test @ http://localhost/
  2 threads and 4 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    53.51ms   10.54ms   1.20s    84.00%
    Req/Sec    36.72      5.02    45.00     67.50%
  Latency Distribution
     50%  950.00us
     99%    1.10m
  150 requests in 30.04s, 19.86KB read
Requests/sec:     73.60
Transfer/sec:      9.74KB
"""


def total(source: ImportSource) -> SourceFigures:
    assert source.figures is not None
    return source.figures.total


@pytest.mark.parametrize(
    ("file", "figures"),
    [
        ("wrk_mixed", (150, 5, 73.6, 53.51, None, 86.84)),
        ("wrk_home", (90, 0, 44.06, 44.98, None, 57.33)),
        ("wrk_broken", (122, 122, 39.87, 51.31, None, 183.43)),
        ("wrk_cut", (2035, 2035, 0.0, None, None, None)),
        ("wrk_timeout", (9, 6, 1.8, 950.11, None, 972.0)),
        ("wrk2_home", (931, 0, 77.5, 6814.343, 6094.847, 7430.144)),
        ("wrk2_mixed", (789, 38, 71.67, 3003.538, 2729.983, 3305.472)),
    ],
)
def test_figures_are_those_that_were_printed(
    read: Read, data: Path, file: str, figures: tuple[float | None, ...]
) -> None:
    found = total(read(data / "wrk" / f"{file}.txt"))
    assert (
        found.requests, found.failures, found.rps, found.mean_ms, found.min_ms, found.max_ms
    ) == figures  # fmt: skip


@pytest.mark.parametrize(
    ("file", "percentiles"),
    [
        ("wrk_mixed", {"p50": 52.02, "p75": 58.1, "p90": 67.99, "p99": 76.0}),
        ("wrk_home", {}),
        ("wrk_cut", {}),
        ("wrk_timeout", {"p50": 955.98, "p75": 972, "p90": 972, "p99": 972}),
    ],
)
def test_wrks_percentiles(read: Read, data: Path, file: str, percentiles: dict[str, float]) -> None:
    assert total(read(data / "wrk" / f"{file}.txt")).percentiles == percentiles


@pytest.mark.parametrize(
    ("file", "percentiles"),
    [
        ("wrk2_home", {"p50": 6848.511, "p75": 7090.175, "p95": 7348.223, "p99": 7430.143,
                       "p99.9": 7434.239, "p99.99": 7434.239}),
        ("wrk2_mixed", {"p50": 2985.983, "p90": 3213.311, "p95": 3280.895, "p99": 3307.519}),
    ],
)  # fmt: skip
def test_wrk2s_percentiles_are_those_of_its_distribution(
    read: Read, data: Path, file: str, percentiles: dict[str, float]
) -> None:
    source = read(data / "wrk" / f"{file}.txt")
    assert percentiles.items() <= total(source).percentiles.items()
    assert any("wrk2 first calibrates for 10 s" in one for one in source.remarks)
    uncorrected = "latencies that were not corrected for late starts"
    assert (uncorrected in source.left_out) == (file == "wrk2_mixed")


@pytest.mark.parametrize(
    ("file", "verdict"), [("wrk_home", "pass"), ("wrk_cut", "fail"), ("wrk_mixed", "fail")]
)
def test_failures_are_judged(saved: SaveRun, data: Path, file: str, verdict: str) -> None:
    run = saved(data / "wrk" / f"{file}.txt")
    assert run.manifest.verdict == verdict
    assert run.manifest.duration_s in (2.04, 2.01)


def test_units_and_the_url(read: Read, written: Written) -> None:
    source = read(written("wrk.txt", PRINTED.replace("\n", "\r\n")))
    figures = total(source)
    assert figures.percentiles == pytest.approx({"p50": 0.95, "p99": 66_000})
    assert (figures.mean_ms, figures.max_ms) == (53.51, 1200)
    assert source.record.endpoints.entries == [("", "http://localhost/")]
    assert "p95" in source.absent


def test_of_two_distributions_the_first_is_taken(read: Read, written: Written) -> None:
    second = "  Latency Distribution (HdrHistogram - Uncorrected Latency)\n 50.000%    2.00ms\n"
    source = read(written("wrk.txt", PRINTED.replace("  150 req", f"{second}  150 req")))
    assert total(source).percentiles["p50"] == pytest.approx(0.95)


def test_errors_are_counted_once(read: Read, written: Written) -> None:
    errors = (
        "  Socket errors: connect 3, read 4, write 5, timeout 8\n  Non-2xx or 3xx responses: 20\n"
    )
    printed = PRINTED.replace("Requests/sec", errors + "Requests/sec")
    source = read(written("wrk.txt", printed))
    assert (total(source).requests, total(source).failures) == (162, 40)
    assert any("12 requests that failed to connect" in one for one in source.remarks)
    of_wrk2 = printed.replace(
        "  Thread Stats", "  Thread calibration: mean lat.: 2ms\n  Thread Stats"
    )
    source = read(written("wrk.txt", of_wrk2))
    assert (total(source).requests, total(source).failures) == (162, 32)
    assert any("8 timeouts not counted" in one for one in source.remarks)


def test_several_runs_below_each_other(written: Written) -> None:
    text = "$ wrk http://localhost/\n" + PRINTED + PRINTED.replace("150 req", "151 req")
    first, second = read_wrk_text(written("wrk.txt", text))
    assert (total(first).requests, total(second).requests) == (150, 151)
    assert second.remarks[0] == "run 2 of 2 in the file"


@pytest.mark.parametrize("line", range(1, 9))
def test_a_run_without_its_end_is_refused(written: Written, line: int) -> None:
    text = "".join(PRINTED.splitlines(keepends=True)[:line])
    with pytest.raises(UsageError, match=r"does not say how many requests.*is cut off"):
        read_wrk_text(written("wrk.txt", text))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("150 requests", "0 requests", "holds no request; there is nothing to import"),
        ("53.51ms", "-nan", "line 4: '-nan' is no time"),
        ("53.51ms", "9" * 20 + "ms", "line 4: '9+ms' is larger than anything"),
        ("150 requests", "9" * 20 + " requests", "line 9: '9+' is larger than anything"),
        ("150 requests", "-150 requests", "does not say how many requests"),
        ("73.60", "fast", "line 10: 'fast' is no number"),
        ("950.00us", "950.00", "line 7: '950.00' is no time"),
    ],
)
def test_what_cannot_be_is_refused(
    read: Read, written: Written, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        read(written("wrk.txt", PRINTED.replace(old, new)))
