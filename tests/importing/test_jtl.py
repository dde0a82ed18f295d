"""JMeter's results: CSV with and without a head, XML, transactions."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.importing import jtl_samples
from loadtui.importing.source import ImportSource
from loadtui.samples.bins import bin_of
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

HEAD = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes,allThreads"


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
    assert any("18 samples are transactions" in one for one in read("parent.jtl").remarks)
    of_xml = read("parent.jtl.xml")
    assert counted(of_xml).keys() == {"home", "slow, with a comma", "broken", "basket"}


def test_what_is_within_a_sample_is_part_of_it(read: Read, written: Written) -> None:
    text = """<?xml version="1.0"?><testResults version="1.2">
    <httpSample t="30" ts="1000" s="true" lb="page" rc="200" rm="OK" tn="1" by="10">
      <httpSample t="10" ts="1000" s="false" lb="image" rc="404" rm="No" tn="1"/>
    </httpSample></testResults>"""
    source = read(written("parts.xml", text))
    assert counted(source) == {"page": (1, 0)}


def test_seconds_count_from_the_first_request(read: Read, written: Written) -> None:
    # Samples are written when they end: the first row did not begin first.
    rows = ["10900,50,b,200,OK,t1,true,5,2", "10400,900,a,200,OK,t2,true,5,2",
            "11500,100,b,500,Oh,t1,false,5,2"]  # fmt: skip
    source = read(written("order.jtl", "\n".join([HEAD, *rows])))

    assert source.started == 10.4
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
    from loadtui.importing.jtl_csv import read_jtl_csv

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jtl_samples, "_AT_ONCE", at_once)
        patch.setattr(jtl_samples, "_FIRST", at_once)
        source = read_jtl_csv(path)
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

    def test_clocks_that_lie_years_apart(self, refused: Callable[[str, str], str]) -> None:
        rows = "5,20,a,200,OK,t,true,5,2\n1700000000000,20,a,200,OK,t,true,5,2\n"
        assert "days apart" in refused("x.jtl", f"{HEAD}\n{rows}")

    def test_sums_of_several_samples(self, refused: Callable[[str, str], str]) -> None:
        text = f"{HEAD},SampleCount\n5,20,a,200,OK,t,true,5,2,10\n"
        assert "sums up several samples" in refused("x.jtl", text)

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("<testResults><sample t='1' ts='1' s='true' lb='a'/>", "cut off"),
            ("<testResults><sample t='1' ts='1' lb='a'/></testResults>", "s=''"),
            ("<testResults><sample ts='1' s='true'/></testResults>", "has no t"),
            ("<testResults></testResults>", "holds no sample"),
            ("<html><body/></html>", "begins with <html>"),
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
