"""CSV and JSON that Locust wrote."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.importing.run_sources import read_files
from loadtui.importing.source import ImportSource
from loadtui.report.locust_csv.locust_csv_writer import write_locust_csv
from loadtui.samples.source_figures import SourceFigures
from loadtui.store.stored_run import Run
from tests.support.locust_files import stats_csv
from tests.support.stored_runs import Traffic, keep_run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

SHOP = ("shop_stats.csv", "shop_stats_history.csv", "shop_failures.csv", "shop_exceptions.csv")


def by_name(source: ImportSource) -> dict[str, SourceFigures]:
    assert source.figures is not None
    names = [f"{method} {name}" for method, name in source.record.endpoints.entries]
    return dict(zip(names, source.figures.endpoints, strict=True))


def total(source: ImportSource) -> SourceFigures:
    assert source.figures is not None
    return source.figures.total


def seconds(source: ImportSource) -> list[tuple[int, int, int]]:
    rows = source.record.seconds
    return [(rows[at].users, rows[at].completed, rows[at].failed) for at in sorted(rows)]


class TestCsv:
    def test_the_figures_are_those_of_the_file(self, read: Read) -> None:
        source = read("shop_stats.csv")

        slow = by_name(source)["GET /slow?q=[q]"]
        assert (slow.requests, slow.failures) == (34, 2)
        assert slow.percentiles["p50"] == 120
        assert slow.percentiles["p99.9"] == slow.percentiles["p100"] == 180
        assert slow.mean_ms == 134.84540391185445
        assert slow.min_ms == 120.84504900121829
        assert slow.bytes == 17_000
        whole = total(source)
        assert (whole.requests, whole.failures) == (153, 46)
        assert whole.error_rate == 46 / 153
        assert whole.rps == 30.742735932110484

    def test_all_four_files_make_one_run(self, read: Read) -> None:
        source = read(*SHOP)

        assert [path.name for path in source.files] == list(SHOP)
        assert source.name == "shop"
        assert source.started == 1795423620
        assert source.duration_s == 5
        assert source.users == 4
        assert sum(done for _, done, _ in seconds(source)) == 153
        assert sum(failed for _, _, failed in seconds(source)) == 46
        kind, found = source.record.errors.by_count()[0]
        assert kind == ("POST", "/broken", "LocustBadStatusCode(code=503)")
        assert (found.count, found.first, found.last) == (44, 0.0, 5.0)
        ((message, traceback), raised), *_ = source.record.exceptions.by_count()
        assert message == 'no "basket",\nsecond line'
        assert "self.execute_next_task()" in traceback
        assert raised.count == 16

    def test_the_order_of_the_files_does_not_matter(self, read: Read) -> None:
        assert read(*reversed(SHOP)).files == read(*SHOP).files

    def test_a_full_history_tells_endpoints_apart_by_second(self, read: Read) -> None:
        source = read("full_stats.csv", "full_stats_history.csv")

        windows = source.record.windows.frame()
        counted = {
            number: windows.filter(endpoint=number)["count"].sum()
            for number in range(len(source.record.endpoints.entries))
        }
        assert list(counted.values()) == [one.requests for one in by_name(source).values()]

    def test_a_history_alone_gives_its_last_totals(self, read: Read) -> None:
        source = read("shop_stats_history.csv")

        assert total(source).requests == 153
        assert total(source).rps is None, "that of a row is one of the last seconds"
        assert total(source).percentiles["p95"] == 150

    def test_of_a_full_history_percentiles_of_the_last_seconds_are_not_taken(
        self, read: Read
    ) -> None:
        source = read("full_stats_history.csv")
        assert set(total(source).percentiles) == {"p50"}
        assert "p95" in source.absent

    def test_failures_without_times_are_of_before_2_44(self, read: Read, written: Written) -> None:
        stats = written("old_stats.csv", stats_csv({("GET", "/"): (10, 2)}))
        old = written("old_failures.csv", 'Method,Name,Error,Occurrences\r\nGET,/,"a, b",2\r\n')

        ((_, found),) = read(stats, old).record.errors.by_count()
        assert (found.count, found.first, found.last) == (2, None, None)

    def test_a_locustfile_may_choose_its_percentiles(self, read: Read, written: Written) -> None:
        text = stats_csv({("GET", "/"): (10, 0)}, percentiles=["50%", "99.5%"])

        source = read(written("own_stats.csv", text))
        assert total(source).percentiles == {"p50": 40, "p99.5": 40}
        assert {"p95", "p99"} <= set(source.absent)

    def test_what_a_spreadsheet_made_of_it(self, read: Read, written: Written) -> None:
        text = stats_csv({("GET", "/"): (1234, 3)}, delimiter=";").replace(".", ",")
        text = text.replace("1234;", "1.234;")

        bom = written("sheet_stats.csv", b"\xef\xbb\xbf" + text.encode())
        assert total(read(bom)).mean_ms == 51.25
        assert total(read(bom)).requests == 1234
        wide = written("wide_stats.csv", text.replace(";", "\t").encode("utf-16"))
        assert total(read(wide)).requests == 1234

    def test_files_of_two_runs_make_two(self, data: Path) -> None:
        sources = list(read_files([data / name for name in ("full_stats.csv", *SHOP, "shop.json")]))
        assert [(source.name, len(source.files)) for source in sources] == [
            ("full", 1), ("shop", 4), ("shop", 1),
        ]  # fmt: skip

    def test_files_that_were_not_named_are_told(self, read: Read) -> None:
        found = read("shop_stats.csv").beside
        assert [path.name for path in found] == [SHOP[1], SHOP[2], SHOP[3]]
        assert read("shop.json").beside == []

    def test_a_reset_in_mid_run_is_told(self, read: Read, written: Written) -> None:
        head = "Timestamp,User Count,Type,Name,Total Request Count,Total Failure Count"
        rows = ["100,1,,Aggregated,50,5", "101,1,,Aggregated,3,0", "104,2,,Aggregated,9,2"]
        source = read(written("r_stats_history.csv", "\n".join([head, *rows])))

        assert [done for _, done, _ in seconds(source)] == [50, 3, 0, 0, 6]
        assert total(source).requests == 9
        assert any("reset" in remark for remark in source.remarks)


class TestCsvThatIsNoGood:
    def refused(self, read: Read, *files: str | Path) -> str:
        with pytest.raises(UsageError) as error:
            read(*files)
        text = str(error.value)
        assert error.value.exit_code == 2
        assert "\n" not in text
        return text

    @pytest.mark.parametrize("lines", [2, 4])
    def test_rows_that_are_missing(self, read: Read, written: Written, lines: int) -> None:
        text = stats_csv({("GET", f"/{at}"): (5, 0) for at in range(4)})
        cut = written("cut_stats.csv", "".join(text.splitlines(keepends=True)[:lines]))
        assert "cut_stats.csv has no row of Aggregated" in self.refused(read, cut)

    @settings(max_examples=40, deadline=None)
    @given(st.integers(min_value=1, max_value=2000))
    def test_cut_anywhere_it_is_read_or_refused(
        self, tmp_path_factory: pytest.TempPathFactory, at: int
    ) -> None:
        text = stats_csv({("GET", 'a "quoted"\nname'): (5, 1), ("POST", "/b"): (7, 0)})
        path = tmp_path_factory.mktemp("cut") / "cut_stats.csv"
        path.write_text(text[:at])
        try:
            (source,) = read_files([path])
        except UsageError:
            return
        assert total(source).requests == 12

    def test_an_open_quote(self, read: Read, written: Written) -> None:
        text = stats_csv({("GET", "/"): (5, 0)}).replace("GET,/,", 'GET,"/,')
        why = self.refused(read, written("q_stats.csv", text))
        assert "a quote is opened and never closed" in why

    def test_no_request(self, read: Read, written: Written) -> None:
        assert "holds no request" in self.refused(read, written("n_stats.csv", stats_csv({})))

    def test_failures_alone(self, read: Read) -> None:
        assert "_stats.csv" in self.refused(read, "shop_failures.csv")

    @pytest.mark.parametrize(
        ("was", "becomes", "why"),
        [
            ("5,0,40", "many,0,40", "'many' is no number"),
            ("5,0,40", "5,6,40", "6 of 5 requests failed"),
            ("5,0,40", "1e99,0,40", "larger than anything"),
            ("51.25", "-51.25", "below 0"),
            ("51.25", "inf", "is no number"),
            ("5,0,40", ",0,40", "holds no number"),
        ],
    )
    def test_numbers_that_cannot_be(
        self, read: Read, written: Written, was: str, becomes: str, why: str
    ) -> None:
        text = stats_csv({("GET", "/"): (5, 0)}).replace(was, becomes, 1)
        said = self.refused(read, written("bad_stats.csv", text))
        assert why in said
        assert "line 2" in said

    def test_two_runs_in_one(self, data: Path, written: Written) -> None:
        one = written("a_stats.csv", stats_csv({("GET", "/"): (5, 0)}))
        other = one.with_name("a.csv")
        other.write_bytes(one.read_bytes())
        with pytest.raises(UsageError, match="both hold stats"):
            list(read_files([one, other]))


class TestJson:
    def test_the_figures_are_those_of_the_file(self, read: Read, data: Path) -> None:
        source = read("shop.json")

        entries = json.loads((data / "shop.json").read_text())
        assert total(source).requests == sum(one["num_requests"] for one in entries)
        assert total(source).failures == sum(one["num_failures"] for one in entries)
        home = by_name(source)["GET /"]
        assert home.mean_ms == 1454.9480009973195 / 84
        assert home.max_ms == 112.48523300128
        assert source.started == min(one["start_time"] for one in entries)
        assert sum(done for _, done, _ in seconds(source)) == total(source).requests
        assert sum(failed for _, _, failed in seconds(source)) == total(source).failures

    def test_percentiles_are_by_the_rule_of_locust(self, read: Read, written: Written) -> None:
        entry = {"name": "/a", "method": "GET", "num_requests": 20, "num_failures": 0}
        entry["response_times"] = {str(ms): 1 for ms in range(1, 21)}

        found = total(read(written("x.json", json.dumps([entry])))).percentiles
        assert (found["p50"], found["p90"], found["p95"], found["p99"]) == (11, 19, 20, 20)

    @settings(max_examples=60, deadline=None)
    @given(st.dictionaries(st.integers(0, 9000), st.integers(1, 50), min_size=1, max_size=30),
           st.integers(0, 20))  # fmt: skip
    def test_percentiles_are_those_that_locust_would_show(
        self, tmp_path_factory: pytest.TempPathFactory, times: dict[int, int], untimed: int
    ) -> None:
        timed = sum(times.values())
        entry = {"name": "/", "method": "GET", "num_requests": timed + untimed, "num_failures": 0,
                 "num_none_requests": untimed, "response_times": times}  # fmt: skip
        path = tmp_path_factory.mktemp("rule") / "x.json"
        path.write_text(json.dumps([entry]))
        (source,) = read_files([path])
        shares = {"p50": 0.5, "p66": 0.66, "p95": 0.95, "p99": 0.99, "p99.9": 0.999}
        for name, share in shares.items():
            every = sorted(ms for ms, count in times.items() for _ in range(count))
            assert total(source).percentiles[name] == every[min(int(timed * share), timed - 1)]

    def test_a_percentile_of_many_requests(self, read: Read, written: Written) -> None:
        entry = {"name": "/", "method": "GET", "num_requests": 100, "num_failures": 0}
        entry["response_times"] = {"10": 50, "20": 45, "3000": 5}

        source = read(written("x.json", json.dumps([entry])))
        found = total(source).percentiles
        assert (found["p50"], found["p95"], found["p99"]) == (20, 3000, 3000)
        assert source.started is None
        assert total(source).rps is None
        assert "when it began, and how long it took" in source.absent

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"num_requests": float("nan")}, "NaN"),
            ({"num_requests": 10**400}, "no finite number"),
            ({"num_requests": 1.5}, "no whole number"),
            ({"num_requests": "5"}, "is no number"),
            ({"num_requests": True}, "is no number"),
            ({"num_requests": 0}, "holds no request"),
            ({"num_failures": 6}, "cannot be"),
            ({"response_times": {"10": 6}}, "6 latencies of 5 requests"),
            ({"response_times": [1]}, "no object of numbers"),
            ({"response_times": {"fast": 5}}, "'fast' is no number"),
            ({"name": 5}, "is no string"),
            ({"start_time": 1e3, "last_request_timestamp": 1.7e9}, "days apart"),
            (
                {
                    "start_time": 1e9,
                    "last_request_timestamp": 1e9 + 1,
                    "num_reqs_per_sec": {"1700000000": 5},
                },
                "8102 days apart",
            ),
            ({"num_reqs_per_sec": {"1600000000": 1, "1600200000": 4}}, "2 days apart"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, read: Read, written: Written, change: dict[str, Any], why: str
    ) -> None:
        entry = {"name": "/", "method": "GET", "num_requests": 5, "num_failures": 0,
                 "response_times": {"10": 5}, **change}  # fmt: skip
        with pytest.raises(UsageError, match=why):
            read(written("x.json", json.dumps([entry])))

    def test_half_a_character_does_no_harm(self, saved: SaveRun, written: Written) -> None:
        text = '[{"name": "\\ud800/a\\u001b[31m", "num_requests": 5, "response_times": {"10": 5}}]'
        run = saved(written("x.json", text))
        assert run.manifest.endpoints[0].name == "?/a\x1b[31m"


def test_what_was_exported_comes_back_with_the_same_counts(tmp_path: Path, saved: SaveRun) -> None:
    run = keep_run(
        tmp_path / "run",
        {"GET /a": Traffic(ms=80, failing=0.1), "POST /b": Traffic(ms=300, count=7)},
        stages=(("L1", 25),),
    )
    paths = write_locust_csv(run, str(tmp_path / "out"))

    back = saved(*paths)
    assert back.manifest.totals.requests == run.manifest.totals.requests
    assert back.manifest.totals.failures == run.manifest.totals.failures
    assert back.manifest.imported is not None
    assert back.manifest.imported.given is not None
    with paths[0].open(newline="") as file:
        rows = list(csv.DictReader(file))
    given = back.manifest.imported.given
    assert [str(one.requests) for one in [*given.endpoints, given.total]] == [
        row["Request Count"] for row in rows
    ]
