"""Tables of figures that JMeter saved, against the samples that they are of."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.samples.source_figures import SourceFigures
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

HEAD = (
    "Label", "# Samples", "Average", "Median", "90% Line", "95% Line", "99% Line", "Min", "Max",
    "Error %", "Throughput", "Received KB/sec", "Sent KB/sec",
)  # fmt: skip
KEYS = (
    "sampler_label", "aggregate_report_count", "average", "aggregate_report_median",
    "aggregate_report_90%_line", "aggregate_report_95%_line", "aggregate_report_99%_line",
    "aggregate_report_min", "aggregate_report_max", "aggregate_report_error%",
    "aggregate_report_rate", "aggregate_report_bandwidth", "aggregate_report_stddev",
)  # fmt: skip
ROW = ("10", "53", "48", "59", "117", "139", "13", "140", "0.00%", "6.60000", "1.0", "1.0")


def table(rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD, delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows([head, *rows])
    return text.getvalue()


def changed(column: int, cell: str, *, label: str = "home") -> tuple[str, ...]:
    """A row of a label with another cell."""
    cells = [label, *ROW]
    cells[column] = cell
    return tuple(cells)


def by_name(source: ImportSource) -> dict[str, SourceFigures]:
    assert source.figures is not None
    names = [name for _, name in source.record.endpoints.entries]
    return dict(zip(names, source.figures.endpoints, strict=True))


def total(source: ImportSource) -> SourceFigures:
    assert source.figures is not None
    return source.figures.total


@pytest.mark.parametrize("name", ["aggregate", "aggregate_de", "aggregate_fr", "summary"])
def test_the_figures_are_those_of_the_samples(read: Read, data: Path, name: str) -> None:
    with (data / "shop.jtl").open(newline="") as file:
        rows = list(csv.DictReader(file))
    source = read(f"jmeter_{name}.csv")
    labels = list(dict.fromkeys(row["label"] for row in rows))
    assert list(by_name(source)) == labels
    for label, figures in [*by_name(source).items(), ("", total(source))]:
        own = [row for row in rows if label in ("", row["label"])]
        times = [int(row["elapsed"]) for row in own]
        failed = sum(row["success"] == "false" for row in own)
        assert figures.requests == len(own)
        assert figures.failures is None
        assert figures.error_rate == pytest.approx(failed / len(own), abs=0.00005)
        assert (figures.min_ms, figures.max_ms) == (min(times), max(times))
        assert figures.mean_ms == int(fmean(times))
        span = max(int(row["timeStamp"]) + int(row["elapsed"]) for row in own) - min(
            int(row["timeStamp"]) for row in own
        )
        assert figures.rps == pytest.approx(len(own) / span * 1000, abs=0.05)
        if name == "summary":
            size = sum(int(row["bytes"]) for row in own)
            assert figures.bytes == pytest.approx(size, abs=0.05 * len(own) + 1)
            assert figures.percentiles == {}
        else:
            assert set(figures.percentiles) == {"p50", "p90", "p95", "p99"}
            for share in (0.9, 0.95, 0.99):
                assert figures.percentiles[f"p{share * 100:g}"] in times


def test_percentiles_are_those_of_their_columns(read: Read) -> None:
    for name in ("aggregate", "aggregate_de", "aggregate_fr"):
        assert total(read(f"jmeter_{name}.csv")).percentiles == {
            "p50": 87, "p90": 235, "p95": 295, "p99": 463,
        }  # fmt: skip


def test_they_are_judged(saved: SaveRun, written: Written) -> None:
    assert saved("jmeter_aggregate.csv").manifest.verdict == "fail"
    rows = [("home", *ROW), ("TOTAL", *ROW)]
    assert saved(written("good.csv", table(rows))).manifest.verdict == "pass"
    rows = [changed(9, "1.50%"), changed(9, "1.50%", label="TOTAL")]
    assert saved(written("bad.csv", table(rows))).manifest.verdict == "fail"


def test_keys_of_messages_as_plugins_write_them(read: Read, written: Written) -> None:
    rows = [changed(9, "0.2"), changed(9, "0.2", label="TOTAL")]
    source = read(written("plugin.csv", table(rows, KEYS)))
    assert (total(source).requests, total(source).error_rate, total(source).rps) == (10, 0.2, 6.6)
    assert total(source).percentiles == {"p50": 48, "p90": 59, "p95": 117, "p99": 139}
    assert source.left_out == ["aggregate_report_bandwidth", "aggregate_report_stddev"]
    assert any("no percent sign" in remark for remark in source.remarks)


def test_other_percentiles_may_be_asked_for(read: Read, written: Written) -> None:
    head = [cell.replace("90% Line", "75% Line").replace("95%", "99.9%") for cell in HEAD]
    source = read(written("a.csv", table([("home", *ROW)], head)))
    assert total(source).percentiles == {"p50": 48, "p75": 59, "p99.9": 117, "p99": 139}


@pytest.mark.parametrize(
    ("text", "rps"),
    [("1.5/sec", 1.5), ("90.0/min", 1.5), ("5400/hour", 1.5), ("1.5 / s", 1.5), (".50000", 0.5),
     ("1,234.5/sec", 1234.5), ("NaN", None), ("", None)],
)  # fmt: skip
def test_a_throughput_may_be_of_a_minute(
    read: Read, written: Written, text: str, rps: float | None
) -> None:
    rows = [changed(10, text), changed(10, text, label="TOTAL")]
    assert total(read(written("a.csv", table(rows)))).rps == rps


def test_without_its_last_row_counts_add_up(read: Read, written: Written) -> None:
    source = read(written("a.csv", table([("a", *ROW), ("b", *ROW)])))
    assert (total(source).requests, total(source).mean_ms) == (20, None)
    assert any("no row of all requests" in remark for remark in source.remarks)


def test_a_total_that_is_not_the_sum_is_told(read: Read, written: Written) -> None:
    source = read(written("a.csv", table([("a", *ROW), ("b", *ROW), ("TOTAL", *ROW)])))
    assert "it says 10 requests, and its parts add up to 20" in source.remarks


def test_a_label_may_be_called_total(read: Read, written: Written) -> None:
    rows = [("Total", *ROW), ("b", *ROW), changed(1, "20", label="TOTAL")]
    source = read(written("a.csv", table(rows)))
    assert list(by_name(source)) == ["Total", "b"]
    assert total(source).requests == 20


def test_a_label_without_samples_has_no_latencies(read: Read, written: Written) -> None:
    empty = ("b", "0", "0", "0", "0", "0", "0", "9223372036854775807", "-9223372036854775808",
             "NaN%", ".00000", "0", "0")  # fmt: skip
    source = read(written("a.csv", table([("a", *ROW), empty, ("TOTAL", *ROW)])))
    assert by_name(source)["b"] == SourceFigures(requests=0)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_what_a_spreadsheet_made_of_it(read: Read, written: Written, delimiter: str) -> None:
    rows = [[cell.replace(".", ",") for cell in ("home", *ROW)]]
    rows.append(["TOTAL", *rows[0][1:]])
    text = table(rows, delimiter=delimiter)
    assert total(read(written("a.csv", b"\xef\xbb\xbf" + text.encode()))).rps == 6.6


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "holds no request"),
        ([changed(1, "0")], "holds no request"),
        ([("home", *ROW), ("home", *ROW)], "'home' is there twice"),
        ([("TOTAL", *ROW), ("home", *ROW)], "line 2: there are rows behind that of TOTAL"),
        ([changed(1, "")], "holds no number"),
        ([changed(1, "1.5")], "no whole number"),
        ([changed(1, "-5")], "below 0"),
        ([changed(2, "fast")], "'fast' is no number"),
        ([changed(9, "104.00%")], "104.00% is more than all"),
        ([changed(9, "5.2")], "5.2 is more than all; without a percent sign it is a share"),
        ([changed(9, "many")], "'many' is no number"),
        ([changed(10, "5/week")], "'5/week' is in an unknown unit"),
        ([changed(10, "1e99")], "larger than anything"),
        ([("home", *ROW[:-1])], "12 of 13 columns; the file is cut off"),
    ],
)
def test_what_cannot_be_is_refused(
    read: Read, written: Written, rows: list[tuple[str, ...]], why: str
) -> None:
    with pytest.raises(UsageError, match=why) as error:
        read(written("a.csv", table(rows)))
    assert "\n" not in str(error.value)


def test_two_columns_of_one_figure(read: Read, written: Written) -> None:
    with pytest.raises(UsageError, match="two columns of 'mean'"):
        read(written("a.csv", table([("home", *ROW)], [*HEAD[:-1], "average"])))


@pytest.mark.parametrize(
    "head",
    ["Label,Average,Error %", "Label,# Samples,Error %", "label,average,min,max", "# Samples"],
)
def test_other_tables_are_not_taken_for_it(read: Read, written: Written, head: str) -> None:
    with pytest.raises(UsageError, match="in no format that can be imported"):
        read(written("a.csv", f"{head}\na,1,2,3\n"))
