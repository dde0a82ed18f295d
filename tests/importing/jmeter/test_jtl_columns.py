"""Samples read as columns are those that are read row by row."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.importing.files import sheet
from loadtui.importing.jmeter import jtl_csv, jtl_xml
from loadtui.importing.jmeter.jtl_columns import JtlColumns, clean_texts, plain_numbers
from loadtui.importing.jmeter.jtl_csv import read_jtl_csv
from loadtui.importing.jmeter.jtl_samples import JtlSamples
from loadtui.importing.jmeter.jtl_xml import read_jtl_xml
from loadtui.importing.source import ImportSource

HEAD = ("timeStamp", "elapsed", "label", "responseCode", "responseMessage", "threadName",
        "success", "failureMessage", "bytes", "allThreads")  # fmt: skip
TRANSACTION = "Number of samples in transaction : 2, number of failing samples : 0"
START = st.integers(0, 5000).map(lambda ms: str(1_700_000_000_000 + ms))
ROW = st.tuples(
    st.one_of(START, START, START, st.just("2023/11/14 22:13:20.500"), st.just("soon")),
    st.sampled_from(["0", "12", "700", "12.0", "", "-1", "\u0661\u0662", "1_000", "4294967296"]),
    st.sampled_from(["a", "a-0", "b", "\u00fc", "two\nlines"]),
    st.sampled_from(["200", "500"]),
    st.sampled_from(["OK", "OK", TRANSACTION, ""]),
    st.sampled_from(["t 1", "t 2"]),
    st.sampled_from(["true", "true", "true", "false", "TRUE", " false ", "maybe"]),
    st.sampled_from(["", "no, it is not"]),
    st.sampled_from(["10", "5000000000", "", "many", "9999999999999"]),
    st.sampled_from(["3", "70000", "", "-", "5000000000"]),
)
PLAIN = st.tuples(
    START, st.sampled_from(["0", "12", "700"]), *(st.just(text) for text in
    ("a", "200", "OK", "t 1")), st.sampled_from(["true", "false"]),
    *(st.just(text) for text in ("", "10", "3")),
)  # fmt: skip


def told(source: ImportSource) -> object:
    record = source.record
    return (
        source.started, source.duration_s, source.users, source.held, source.left_out,
        source.remarks, record.endpoints.entries, record.cells.frame().rows(),
        record.windows.frame().rows(), record.seconds,
        [(kind, known.count, known.first, known.last) for kind, known in record.errors.by_count()],
    )  # fmt: skip


def read(path: Path) -> object:
    try:
        return [told(source) for source in read_jtl_csv(path)]
    except UsageError as error:
        return str(error)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(PLAIN, PLAIN, PLAIN, ROW), min_size=1, max_size=25), st.booleans())
def test_columns_or_rows_come_to_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: Sequence[Sequence[str]], again: bool
) -> None:
    path = tmp_path_factory.mktemp("jtl") / "x.jtl"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([HEAD, *rows, *([HEAD, *rows] if again else [])])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet, "_AT_ONCE", 200)
        in_columns = read(path)
        patch.setattr(jtl_csv._Reader, "columns", lambda self, rows: None)
        assert read(path) == in_columns


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["1", "20"], [1, 20]),
        (["007"], [7]),
        (["1", ""], None),
        (["1", "2.0"], None),
        (["1", "-2"], None),
        (["1 "], None),
        (["1_0"], None),
        (["0" * 15 + "7"], None),
    ],
)
def test_plain_numbers(texts: list[str], numbers: list[int] | None) -> None:
    assert plain_numbers(texts) == numbers


def test_halves_of_characters_are_replaced() -> None:
    assert clean_texts(["a", "b\ud800"]) == ["a", "b?"]


def test_columns_become_as_wide_as_they_must() -> None:
    count = 70_000
    names = [str(at % 66_000) for at in range(count)]
    sizes: list[int | None] = [7] * count
    users: list[int | None] = [3] * count
    sizes[30_000], users[30_000] = 5_000_000_000, 70_000
    sizes[-1], users[-1] = 10**13, 10**10
    samples = JtlSamples()
    for at in range(0, count, 1000):
        part = slice(at, at + 1000)
        numbers = range(at, at + 1000)
        samples.add_all(
            JtlColumns(
                numbers, [5] * 1000, names[part], [True] * 1000, names[part], sizes[part],
                users[part], {}, None,
            )
        )  # fmt: skip
    (frame,) = samples.sections()
    assert (
        frame["label"].to_list()
        == frame["thread"].to_list()
        == [at % 66_000 for at in range(70_000)]
    )
    assert (frame["bytes"][30_000], frame["users"][30_000]) == (5_000_000_000, 70_000)
    # More than there can be.
    assert (frame["bytes"][69_999], frame["users"][69_999]) == (None, None)
    assert frame["stamp"].to_list() == list(range(count))


XML_SAMPLE = '<httpSample t="5" ts="{}" s="{}" lb="a" rc="200" rm="OK" tn="1" by="10" na="2"/>\n'


class TestXml:
    @pytest.mark.parametrize("at_once", [1, 3, 1000])
    def test_however_many_are_taken_in_together(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
    ) -> None:
        rows = [XML_SAMPLE.format(1_700_000_000_000 + at, "true") for at in range(10)]
        rows[4] = rows[4].replace('by="10"', "").replace('"true"', '"false"')
        rows[7] = rows[7].replace('"true"', '"True"')
        path = tmp_path / "x.xml"
        path.write_text(f"<testResults>\n{''.join(rows)}</testResults>")
        monkeypatch.setattr(jtl_xml, "_AT_ONCE", at_once)
        (source,) = read_jtl_xml(path)
        assert source.record.windows.frame().select("count", "bytes").sum().row(0) == (10, 90)
        assert source.record.errors.total() == 1

    @pytest.mark.parametrize("end", ["</testResults>", "<", "<httpSample t=</testResults>"])
    def test_the_first_that_is_wrong_is_told_with_its_line(self, tmp_path: Path, end: str) -> None:
        rows = [XML_SAMPLE.format(1_700_000_000_000 + at, "true") for at in range(10)]
        rows[4] = rows[4].replace('"true"', '"maybe"')
        path = tmp_path / "x.xml"
        path.write_text(f"<testResults>\n{''.join(rows)}{end}")
        with pytest.raises(UsageError, match=r"line 6: a sample has s='maybe'"):
            read_jtl_xml(path)
