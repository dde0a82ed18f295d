"""JMeter's results: CSV with and without a head, XML, transactions."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.importing.jmeter import jtl_samples
from loadtui.importing.jmeter.jtl_csv import read_jtl_csv
from loadtui.importing.run_sources import read_files
from loadtui.importing.source import ImportSource
from loadtui.samples.bins import bin_of
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Every = Callable[[Path], list[ImportSource]]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

HEAD = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes,allThreads"


@pytest.fixture
def every() -> Every:
    """All runs of a file."""
    return lambda path: list(read_files([path]))


def counted(source: ImportSource) -> dict[str, tuple[int, int]]:
    """Requests and failures by label."""
    windows = source.record.windows.frame()
    found = {}
    for number, (_, name) in enumerate(source.record.endpoints.entries):
        mine = windows.filter(endpoint=number)
        found[name] = (mine["count"].sum(), mine.filter(ok=0)["count"].sum())
    return found


@pytest.mark.parametrize(
    ("file", "failed"),
    [("headless.jtl", 4), ("shop.jtl", 2), ("semicolons.jtl", 2), ("shop.jtl.xml", 4)],
)
def test_every_way_of_writing_it_holds_the_same_requests(
    read: Read, data: Path, file: str, failed: int
) -> None:
    source = read(file)
    assert counted(source) == {
        "home": (18, 0),
        "slow, with a comma": (18, failed),
        "broken": (18, 18),
        "basket": (18, 18),
    }
    assert "18 transactions, which sum up samples of the file" in source.left_out
    assert source.users == 3


def test_latencies_are_those_of_the_rows(saved: SaveRun, data: Path) -> None:
    run = saved("shop.jtl")

    with (data / "shop.jtl").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] != "checkout"]
    bins: dict[int, int] = {}
    for row in rows:
        bin_ = bin_of(int(row["elapsed"]) * 1000)
        bins[bin_] = bins.get(bin_, 0) + 1
    samples = run.samples()
    assert (
        dict(samples.group_by("bin").agg(samples["count"].sum() * 0).rows()).keys() == bins.keys()
    )
    assert sum(samples["count"]) == len(rows) == 72
    windows = run.windows()
    assert windows["sum_us"].sum() == 1000 * sum(int(row["elapsed"]) for row in rows)
    assert windows["bytes"].sum() == sum(int(row["bytes"]) for row in rows)
    assert run.manifest.provenance.resolution_ms == 1
    messages = run.errors()["message"].to_list()
    assert "200 OK: Test failed: text expected to contain /basket/" in messages


def test_a_transaction_whose_requests_are_not_there_stands_for_them(read: Read) -> None:
    assert counted(read("parent.jtl")) == {
        "home": (18, 0),
        "checkout": (18, 18),
        "basket": (18, 18),
    }
    assert any("18 transactions counted" in one for one in read("parent.jtl").remarks)
    of_xml = read("parent.jtl.xml")
    assert counted(of_xml).keys() == {"home", "slow, with a comma", "broken", "basket"}


def test_what_is_within_a_sample_is_part_of_it(read: Read, written: Written) -> None:
    text = """<?xml version="1.0"?><testResults version="1.2">
    <httpSample t="30" ts="1700000001000" s="true" lb="page" rc="200" rm="OK" tn="1" by="10">
      <httpSample t="10" ts="1700000001000" s="false" lb="image" rc="404" rm="No" tn="1"/>
    </httpSample></testResults>"""
    source = read(written("parts.xml", text))
    assert counted(source) == {"page": (1, 0)}


def test_seconds_count_from_the_first_request(read: Read, written: Written) -> None:
    # Samples are written when they end: the first row did not begin first.
    rows = ["1700000010900,50,b,200,OK,t1,true,5,2", "1700000010400,900,a,200,OK,t2,true,5,2",
            "1700000011500,100,b,500,Oh,t1,false,5,2"]  # fmt: skip
    source = read(written("order.jtl", "\n".join([HEAD, *rows])))

    assert source.started == 1700000010.4
    assert source.duration_s == pytest.approx(1.2)
    assert sorted(source.record.windows.frame()["second"]) == [0, 0, 1]
    ((_, failure),) = source.record.errors.by_count()
    assert failure.first == pytest.approx(1.1)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 90_000), st.integers(0, 70_000), st.booleans(),
                  st.sampled_from(["a", 'b "c"', "d\ne", "\x1b[31m,;"])),
        min_size=1,
        max_size=60,
    ),
    st.integers(1, 40),
)  # fmt: skip
def test_no_sample_is_lost_however_they_are_ordered(
    tmp_path_factory: pytest.TempPathFactory,
    samples: list[tuple[int, int, bool, str]],
    at_once: int,
) -> None:
    path = tmp_path_factory.mktemp("jtl") / "x.jtl"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD.split(","))
        for start, elapsed, ok, label in samples:
            writer.writerow(
                [1_700_000_000_000 + start, elapsed, label, 200, "OK", "t", str(ok).lower(), 1, 1]
            )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jtl_samples, "_AT_ONCE", at_once)
        (source,) = read_jtl_csv(path)
    windows = source.record.windows.frame()
    assert windows["count"].sum() == source.record.cells.frame()["count"].sum() == len(samples)
    assert windows["sum_us"].sum() == 1000 * sum(elapsed for _, elapsed, _, _ in samples)
    assert windows["second"].min() == 0
    assert sum(row.completed for row in source.record.seconds.values()) == len(samples)
    assert source.record.errors.total() == sum(not ok for _, _, ok, _ in samples)


class TestRefused:
    @pytest.fixture
    def refused(self, read: Read, written: Written) -> Callable[[str, str], str]:
        def why(name: str, text: str) -> str:
            with pytest.raises(UsageError) as error:
                read(written(name, text))
            assert "\n" not in str(error.value)
            return str(error.value)

        return why

    @pytest.mark.parametrize(
        ("row", "why"),
        [
            ("10,20,a,200,OK,t,yes,5,2", "success is 'yes'"),
            ("10,fast,a,200,OK,t,true,5,2", "elapsed: 'fast' is no number"),
            ("10,-5,a,200,OK,t,true,5,2", "below 0"),
            ("yesterday,5,a,200,OK,t,true,5,2", "timeStamp is 'yesterday'"),
            ("10,20,a,200", "has 4 of 9 columns; the file is cut off"),
            ("10,20,a,200,OK,t,true,5,2,6", "has 10 of 9 columns"),
            ('10,20,"a,200,OK,t,true,5,2', "a quote is opened and never closed"),
        ],
    )
    def test_rows_that_make_no_sense(
        self, refused: Callable[[str, str], str], row: str, why: str
    ) -> None:
        said = refused("x.jtl", f"{HEAD}\n5,20,a,200,OK,t,true,5,2\n{row}\n")
        assert why in said
        assert "line 3" in said

    def test_no_sample(self, refused: Callable[[str, str], str]) -> None:
        assert "holds no sample" in refused("x.jtl", HEAD)

    def test_no_column_that_says_whether_it_failed(
        self, refused: Callable[[str, str], str]
    ) -> None:
        assert "no column 'success'" in refused("x.jtl", "timeStamp,elapsed,label\n1,2,a\n")

    @pytest.mark.parametrize("stamp", ["5", "1700000000", "170000000000000", "1900/01/01 00:00:00"])
    def test_times_that_are_of_no_run(self, refused: Callable[[str, str], str], stamp: str) -> None:
        rows = f"1700000000000,20,a,200,OK,t,true,5,2\n{stamp},20,a,200,OK,t,true,5,2\n"
        why = refused("x.jtl", f"{HEAD}\n{rows}")
        assert "time stamp" in why or "before 1970" in why

    @pytest.mark.parametrize("elapsed", [10**11, 20 * 86_400_000])
    def test_a_request_that_took_days(
        self, refused: Callable[[str, str], str], elapsed: int
    ) -> None:
        rows = f"1700000000000,{elapsed},a,200,OK,t,true,5,2\n"
        assert "days apart" in refused("x.jtl", f"{HEAD}\n{rows}")

    def test_sums_of_several_samples(self, refused: Callable[[str, str], str]) -> None:
        text = f"{HEAD},SampleCount\n5,20,a,200,OK,t,true,5,2,10\n"
        assert "sums up several samples" in refused("x.jtl", text)

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("<testResults><sample t='1' ts='1700000000000' s='true' lb='a'>", "holds no sample"),
            ("<testResults><sample t='1' ts='1' s='true' lb='a'/></testResults>", "time stamp 1,"),
            ("<testResults><sample t='1' ts='1' lb='a'/></testResults>", "s=''"),
            ("<testResults><sample ts='1' s='true'/></testResults>", "has no t"),
            ("<testResults></testResults>", "holds no sample"),
            ("<html><body/></html>", "is an HTML page"),
            ("<results><body/></results>", "begins with <results>"),
            ("<testResults>" + "<a>" * 200, "nested too deeply"),
            ("<testResults>&lol;</testResults>", "undefined entity"),
            (
                '<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
                "<testResults>&b;</testResults>",
                "declares a document type or entities",
            ),
            (
                '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testResults>&x;</testResults>',
                "declares a document type or entities",
            ),
        ],
    )
    def test_xml_that_is_no_good(
        self, refused: Callable[[str, str], str], text: str, why: str
    ) -> None:
        assert why in refused("x.xml", text)


class TestSeveralRuns:
    def test_a_head_of_its_own_begins_another(self, every: Every, written: Written) -> None:
        row = "1700000000{},5,a,200,OK,t,true,5,2\n"
        text = f"{HEAD}\n{row.format('000')}{HEAD}\n{row.format('010')}{row.format('020')}"
        first, second = every(written("twice.csv", text))
        assert (counted(first), counted(second)) == ({"a": (1, 0)}, {"a": (2, 0)})
        assert first.remarks[0].startswith("run 1 of 2 in the file, from 2023-11-14 22:13:20 UTC")
        assert "a head each" in second.remarks[0]

    def test_hours_of_nothing_are_between_two(self, every: Every, written: Written) -> None:
        rows = [f"{1_700_000_000_000 + at},5,a,200,OK,t,true,5,2" for at in (0, 10_800_000, 9000)]
        first, second = every(written("gap.csv", "\n".join([HEAD, *rows])))
        assert (counted(first), counted(second)) == ({"a": (2, 0)}, {"a": (1, 0)})
        assert first.duration_s == pytest.approx(9.005)
        assert second.started == 1_700_010_800
        assert "nothing for 60 minutes" in second.remarks[0]

    def test_a_request_may_take_hours(self, read: Read, written: Written) -> None:
        rows = "1700000000000,18000000,a,200,OK,t,true,5,2\n1700017000000,5,a,200,OK,u,true,5,2\n"
        windows = read(written("long.csv", f"{HEAD}\n{rows}")).record.windows.frame()
        assert windows["sum_us"].sum() == 18_000_005_000
        assert windows["max_us"].max() == 18_000_000_000


class TestDialects:
    ROWS = "1700000000000,5,a,200,OK,t,true,5,2\n1700000000400,15,b,200,OK,t,false,5,2\n"

    def test_every_cell_is_quoted(self, read: Read, written: Written) -> None:
        lines = f"{HEAD}\n{self.ROWS}".splitlines()
        quoted = ["".join(['"', line.replace(",", '","'), '"']) for line in lines]
        source = read(written("quoted.csv", "\n".join(quoted)))
        assert counted(source) == {"a": (1, 0), "b": (1, 1)}

    def test_seconds(self, read: Read, written: Written) -> None:
        rows = self.ROWS.replace("000000,", "000,").replace("000400,", "000,")
        source = read(written("seconds.csv", f"{HEAD}\n{rows}"))
        assert source.started == 1_700_000_000
        assert any("whole seconds" in remark for remark in source.remarks)

    def test_parts_in_seconds_add_up(self, read: Read, written: Written) -> None:
        row = "1700000000,{},{},200,OK,t,true,{},1\n"
        rows = [row.format(*cells) for cells in
                ((161, "p", 300), (57, "p-0", 100), (103, "p-1", 200), (40, "p-1", 9))]  # fmt: skip
        source = read(written("seconds.csv", f"{HEAD}\n{''.join(rows)}"))
        assert counted(source) == {"p": (1, 0), "p-1": (1, 0)}
        assert source.started == 1_700_000_000

    def test_sizes_that_are_none(self, read: Read, written: Written) -> None:
        rows = self.ROWS.replace(",5,2", ",999999999999999,2")
        source = read(written("sizes.csv", f"{HEAD}\n{rows}"))
        assert "sizes" in source.absent

    @pytest.mark.parametrize("name", ["x.csv", "x.xml"])
    def test_packed(self, read: Read, written: Written, name: str) -> None:
        text = f"{HEAD}\n{self.ROWS}" if name == "x.csv" else SOME_XML
        packed = gzip.compress(text.encode())
        source = read(written(f"{name}.gz", packed))
        assert source.record.cells.frame()["count"].sum() == 2
        assert source.name == "x"
        with pytest.raises(UsageError, match="packed with gzip and cut off or damaged"):
            read(written(f"cut.{name}.gz", packed[:-12]))

    def test_a_page_in_a_cell(self, read: Read, written: Written) -> None:
        page = '"' + "<p>,\n" * 60_000 + '"'
        row = f"1700000000000,5,a,200,{page},t,false,5,2\n"
        source = read(written("page.csv", f"{HEAD}\n{row}{self.ROWS}"))
        assert counted(source) == {"a": (2, 1), "b": (1, 1)}

    def test_blank_lines_before_the_head(self, read: Read, written: Written) -> None:
        assert counted(read(written("x.csv", f"\n \r\n\n{HEAD}\n{self.ROWS}\n\n"))) == {
            "a": (1, 0),
            "b": (1, 1),
        }

    def test_more_labels_than_anybody_can_look_at(self, read: Read, written: Written) -> None:
        rows = [f"{1_700_000_000_000 + n},5,/{n},200,OK,t,true,5,2" for n in range(10_003)]
        source = read(written("labels.csv", "\n".join([HEAD, *rows])))
        assert len(source.record.endpoints.entries) == 10_001
        assert counted(source)["(further endpoints)"] == (3, 0)


SOME_XML = """<?xml version="1.0" encoding="UTF-8"?>
<testResults version="1.2">
<httpSample t="30" ts="1700000000000" s="true" lb="a" rc="200" rm="OK" tn="1" by="10"/>
<httpSample t="40" ts="1700000000100" s="true" lb="b" rc="200" rm="OK" tn="1" by="10"/>
</testResults>
"""


class TestXml:
    def test_samples_of_other_classes(self, read: Read, written: Written) -> None:
        text = SOME_XML.replace('<httpSample t="40"', '<com.example.MySampleResult t="40"')
        source = read(written("custom.xml", text))
        assert counted(source) == {"a": (1, 0), "b": (1, 0)}

    def test_an_element_within_a_sample_is_none(self, read: Read, written: Written) -> None:
        text = SOME_XML.replace(
            'by="10"/>', 'by="10"><java.net.URL t="1">x</java.net.URL></httpSample>'
        )
        assert counted(read(written("url.xml", text))) == {"a": (1, 0), "b": (1, 0)}

    @pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "UTF-16"])
    def test_encodings(self, read: Read, written: Written, encoding: str) -> None:
        text = SOME_XML.replace("UTF-8", encoding).replace('lb="a"', 'lb="Straße é"')
        source = read(written("latin.xml", text.encode(encoding)))
        assert counted(source) == {"Straße é": (1, 0), "b": (1, 0)}

    @pytest.mark.parametrize("encoding", ["x-klingon", "GBK", "utf-7"])
    def test_an_encoding_that_cannot_be_read(
        self, written: Written, read: Read, encoding: str
    ) -> None:
        with pytest.raises(UsageError, match="line 1: "):
            read(written("x.xml", SOME_XML.replace("UTF-8", encoding)))

    def test_characters_that_xml_does_not_have(self, read: Read, written: Written) -> None:
        text = SOME_XML.replace('lb="a"', 'lb="a&#x0;&#27;"').replace('lb="b"', 'lb="b\x01"')
        assert counted(read(written("nul.xml", text))) == {"a??": (1, 0), "b?": (1, 0)}

    def test_blank_lines_before_the_head(self, read: Read, written: Written) -> None:
        assert counted(read(written("x.xml", f"\n \r\n{SOME_XML}"))).keys() == {"a", "b"}

    @pytest.mark.parametrize(
        "cut", ["</testResults>", "/>\n</testResults>", 'by="10"/>\n</testResults>']
    )
    def test_cut_off(self, read: Read, written: Written, cut: str) -> None:
        source = read(written("cut.xml", SOME_XML[: SOME_XML.rindex(cut)]))
        whole = {"a": (1, 0), "b": (1, 0)} if cut.startswith("<") else {"a": (1, 0)}
        assert counted(source) == whole
        assert any("CUT OFF" in remark for remark in source.remarks)
        assert not any("CUT OFF" in remark for remark in read(written("x.xml", SOME_XML)).remarks)

    def test_a_transaction_of_no_sample(self, read: Read, written: Written) -> None:
        empty = "Number of samples in transaction : 0, number of failing samples : 0"
        source = read(
            written(
                "empty.xml", SOME_XML.replace('lb="b" rc="200" rm="OK"', f'lb="b" rm="{empty}"')
            )
        )
        assert counted(source) == {"a": (1, 0)}
        assert "1 transaction of no sample" in source.left_out

    def test_the_same_run_as_csv_and_xml(self, read: Read, written: Written) -> None:
        row = "{},{},{},200,OK,T 1-1,true,{},1\n"
        sample = (
            '<httpSample t="{1}" ts="{0}" s="true" lb="{2}" rc="200" rm="OK" tn="T 1-1" by="{3}" '
            'na="1">{4}</httpSample>'
        )
        lines, elements = [], []
        for start in range(1_700_000_000_000, 1_700_000_005_000, 1000):
            whole = start, 161, "page", 3211
            parts = (start, 57, "page-0", 998), (start + 58, 103, "page-1", 2213)
            lines += [row.format(*cells) for cells in (whole, *parts)]
            elements.append(
                sample.format(*whole, "".join(sample.format(*part, "") for part in parts))
            )
        as_csv = read(written("r.csv", f"{HEAD}\n{''.join(lines)}"))
        as_xml = read(written("r.xml", f"<testResults>{''.join(elements)}</testResults>"))
        assert counted(as_csv) == counted(as_xml) == {"page": (5, 0)}
        assert as_csv.record.windows.frame().equals(as_xml.record.windows.frame())
        assert as_csv.left_out == as_xml.left_out
        assert as_csv.duration_s == as_xml.duration_s
