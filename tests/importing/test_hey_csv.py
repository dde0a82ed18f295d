"""What hey wrote, beside the rows themselves; and what cannot be."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.importing.hey_csv import HEY_CSV
from loadtui.importing.source import ImportSource
from loadtui.store.stored_run import Run
from tests.support.imported_samples import samples_by_endpoint

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

BIN = 1 / 128
"""The width of a bin of the samples, which a percentile is read from."""
NAMES = ("mixed", "slow", "broken", "one", "rate", "moved")
HEAD = (
    "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n"
)
ROW = "0.0130,0.0005,0.0000,0.0002,0.0120,0.0003,200,0.0045\n"


@pytest.mark.parametrize("name", NAMES)
def test_requests_are_those_of_the_rows(read: Read, data: Path, name: str) -> None:
    path = data / "hey" / f"{name}.csv"
    source = read(path)
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    took = sorted(round(float(row["response-time"]) * 1e6) for row in rows)
    bad = Counter(row["status-code"] for row in rows if row["status-code"][0] not in "23")
    samples = samples_by_endpoint(source)["", "http requests"]
    failed = sum(bad.values())
    assert samples[:5] == (len(rows), failed, sum(took), took[0], took[-1])
    assert samples.median_us == pytest.approx(took[(len(took) - 1) // 2], rel=BIN)
    kinds = source.record.errors.by_kind.items()
    assert {kind[2]: known.count for kind, known in kinds} == {
        f"status {code}": count for code, count in bad.items()
    }
    began = [float(row["offset"]) for row in rows]
    ended = [float(row["offset"]) + float(row["response-time"]) for row in rows]
    assert source.duration_s == pytest.approx(max(ended) - min(began))
    seconds = Counter(int((at - min(began)) * (1 + 1e-12)) for at in began)
    found = Counter[int]()
    for second, count in source.record.windows.frame().select("second", "count").iter_rows():
        found[second] += count
    assert found == seconds


@pytest.mark.parametrize(
    ("name", "verdict"), [("slow", "pass"), ("mixed", "fail"), ("one", "pass")]
)
def test_they_are_judged(saved: SaveRun, data: Path, name: str, verdict: str) -> None:
    run = saved(data / "hey" / f"{name}.csv")
    assert run.manifest.verdict == verdict
    assert run.manifest.provenance.resolution_ms == 0.1
    assert run.manifest.imported is not None
    assert not run.manifest.imported.started_known
    assert "requests that got no answer" in run.manifest.imported.absent


@pytest.mark.parametrize(
    "text",
    [
        (HEAD + ROW * 2).replace("\n", "\r\n"),
        gzip.compress((HEAD + ROW * 2).encode(), mtime=0),
        "\ufeff" + HEAD + ROW * 2,
        (HEAD + ROW * 2).replace(",", ";").replace(".", ","),
    ],
    ids=["CRLF", "gzip", "BOM", "saved by a spreadsheet"],
)
def test_ways_of_writing_it(read: Read, written: Written, text: str | bytes) -> None:
    samples = samples_by_endpoint(read(written("hey.csv", text)))["", "http requests"]
    assert samples[:5] == (2, 0, 26_000, 13_000, 13_000)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD, "holds no request; there is nothing to import"),
        (HEAD + ROW + ROW[:30], "line 3: it has 5 of 8 columns; the file is cut off"),
        (HEAD + ROW.replace("0.0130", "-0.0130"), "line 2: column 'response-time': .* is below 0"),
        (HEAD + ROW.replace("0.0045", "-1.0000"), "line 2: column 'offset': '-1.0000' is below 0"),
        (HEAD + ROW.replace("0.0130", "1e40"), "line 2: column 'response-time': '1e40' is larger"),
        (
            HEAD + ROW.replace("0.0130", "1e12"),
            r"line 2: a request took 1e\+15 ms, which cannot be",
        ),
        (HEAD + ROW.replace("0.0045", "9e9"), "line 2: it began 9e.09 s after the run"),
        (HEAD + ROW.replace("200", "NaN"), "line 2: a number is missing"),
        (HEAD + ROW.replace("200", "20x"), "line 2: column 'status-code': '20x' is no number"),
        (HEAD.replace(",status-code,offset", "") + "0.1,0,0,0,0,0\n", "no column 'status-code'"),
        (HEAD.replace(",offset", "") + "0.1,0,0,0,0,0,200\n", "no column 'offset'.*hey 0.1.2"),
    ],
)
def test_what_cannot_be_is_refused(read: Read, written: Written, text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read(written("hey.csv", text))


def test_a_server_that_never_answered_leaves_nothing(read: Read, data: Path) -> None:
    with pytest.raises(UsageError, match="holds no request"):
        read(data / "hey" / "none.csv")
    assert HEY_CSV.name == "hey (CSV)"
