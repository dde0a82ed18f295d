"""vegeta's results as CSV: cut off, quoted, and what cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.importing.vegeta.vegeta_csv import read_vegeta_csv
from tests.support.imported_samples import samples_by_endpoint

Read = Callable[..., ImportSource]
Written = Callable[..., Path]

ROW = "1777629600123456789,200,1500499,0,20,,eHh4,a,0,GET,http://localhost/,QWdl\n"


def test_one_row_is_a_run(read: Read, written: Written) -> None:
    source = read(written("results.csv", ROW))
    samples = samples_by_endpoint(source)["GET", "http://localhost/"]
    assert samples[:6] == (1, 0, 1500, 1500, 1500, 20)
    assert source.started == 1777629600.123457


@pytest.mark.parametrize("end", ["\r\n", "\n\n"])
def test_line_ends(read: Read, written: Written, end: str) -> None:
    source = read(written("results.csv", ROW.replace("\n", end) * 3))
    assert samples_by_endpoint(source)["GET", "http://localhost/"].requests == 3


def test_a_last_row_that_is_cut_off_is_told(written: Written) -> None:
    for length in range(1, ROW.rindex(",")):
        source = read_vegeta_csv(written("results.csv", ROW + ROW[:length]))
        assert samples_by_endpoint(source)["GET", "http://localhost/"].requests == 1
        assert "line 2, the last, is cut off and was left out" in source.remarks


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (ROW + ROW[:40] + "\n" + ROW, "line 2: it has not the 12 columns of the first"),
        (ROW + ROW.replace(",a,", ",a,b,"), "line 2: it has not the 12 columns of the first"),
        (ROW + ROW.replace("1500499", "-1500499"), "line 2: a request took -1.5 ms"),
        (ROW + ROW.replace("1500499", "9" * 20), "line 2: a request took 1e.14 ms"),
        (ROW + ROW.replace("1500499", "9" * 40), "line 2: the latency is '9+', which is no whole"),
        (ROW + ROW.replace("200", "OK", 1), "line 2: the code is 'OK', which is no whole number"),
        (ROW + ROW.replace("1777", "-1777"), "line 2: its time is not one between 2001"),
        (ROW + ROW.replace("1777", "0000"), "line 2: its time is not one between 2001"),
        (ROW + ROW.replace(",,", ',"open,'), "line 2: a quote is opened and never closed"),
    ],
)
def test_what_cannot_be_is_refused(read: Read, written: Written, rows: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read(written("results.csv", rows))
