"""k6's points: `--out json` with every request, and what its own thresholds come to."""

from __future__ import annotations

import gzip
import json
import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.importing.k6.k6_lines import read_k6_lines
from loadtui.importing.k6.k6_points import K6Points
from loadtui.importing.k6.k6_samples import K6Samples
from loadtui.importing.k6.k6_sinks import percentile_between
from loadtui.importing.source import ImportSource
from loadtui.samples.bins import bin_of
from loadtui.store.load_tallies import load_tallies
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

BEGAN = datetime(2026, 8, 21, 10, 0, 0, 400_000, tzinfo=UTC)


def declared(metric: str, kind: str, thresholds: list[Any] = [], **more: Any) -> str:  # noqa: B006
    data = {"name": metric, "type": kind, "contains": "default", "thresholds": thresholds,
            "submetrics": None, **more}  # fmt: skip
    return json.dumps({"type": "Metric", "data": data, "metric": metric})


def point(metric: str, at: float, value: float, **tags: str) -> str:
    # As a Go program writes it: nanoseconds, and the zone of the machine.
    time = (BEGAN + timedelta(seconds=at)).astimezone(timezone(timedelta(hours=-3)))
    text = time.strftime("%Y-%m-%dT%H:%M:%S.%f") + "000-03:00"
    data = {"time": text, "value": value, "tags": tags or None}
    return json.dumps({"metric": metric, "type": "Point", "data": data})


def request(end: float, ms: float, failed: bool = False, **tags: str) -> list[str]:
    """The points of a request, in the order in which k6 writes them."""
    tags = {"method": "GET", "name": "/a", "status": "500" if failed else "200",
            "expected_response": str(not failed).lower(), **tags}  # fmt: skip
    return [
        point("http_reqs", end, 1, **tags),
        point("http_req_duration", end, ms, **tags),
        point("http_req_blocked", end, 0.2, **tags),
        point("http_req_waiting", end, ms / 2, **tags),
        point("http_req_failed", end, float(failed), **tags),
    ]


HEADS = [
    declared("http_reqs", "counter"),
    declared("http_req_duration", "trend", contains="time"),
    declared("http_req_failed", "rate"),
]


@pytest.fixture
def lines(read: Read, written: Written) -> Callable[..., ImportSource]:
    def read_lines(*texts: str, name: str = "out.json") -> ImportSource:
        return read(written(name, "\n".join(texts) + "\n"))

    return read_lines


def counted(source: ImportSource) -> dict[tuple[str, str], tuple[int, int]]:
    """Requests and failures by endpoint."""
    windows = source.record.windows.frame()
    found = {}
    for number, endpoint in enumerate(source.record.endpoints.entries):
        mine = windows.filter(endpoint=number)
        found[endpoint] = (mine["count"].sum(), mine.filter(ok=0)["count"].sum())
    return found


def test_every_request_is_a_sample(saved: SaveRun, written: Written) -> None:
    draw = random.Random(7)
    made = [
        (round(draw.uniform(0.5, 40), 3), round(draw.lognormvariate(4, 0.7), 3),
         draw.random() < 0.1, draw.choice(["/a", "/b"]))
        for _ in range(300)
    ]  # fmt: skip
    made.sort()
    text = [*HEADS, *(line for end, ms, failed, name in made
                      for line in request(end, ms, failed, name=name))]  # fmt: skip
    packed = gzip.compress("\n".join(text).encode())
    run = saved(written("out.json.gz", packed))

    assert run.manifest.plan.name == "out"
    assert run.manifest.totals.requests == 300
    assert run.manifest.totals.failures == sum(failed for _, _, failed, _ in made)
    assert run.manifest.imported is not None
    assert run.manifest.imported.given is None
    windows = run.windows()
    assert windows["sum_us"].sum() == sum(round(ms * 1000) for _, ms, _, _ in made)
    bins: dict[int, int] = {}
    for _, ms, _, _ in made:
        bin_ = bin_of(round(ms * 1000))
        bins[bin_] = bins.get(bin_, 0) + 1
    found: dict[int, int] = {}
    for bin_, count in run.samples().select("bin", "count").iter_rows():
        found[bin_] = found.get(bin_, 0) + count
    assert found == bins
    starts = [BEGAN + timedelta(seconds=end, milliseconds=-ms) for end, ms, _, _ in made]
    assert run.manifest.started == min(starts).isoformat(timespec="seconds")[:19] + "Z"
    length = max(end for end, _, _, _ in made) - (min(starts) - BEGAN).total_seconds()
    assert run.manifest.duration_s == pytest.approx(length, abs=1e-5)
    seconds: dict[int, int] = {}
    for start in starts:
        second = int((start - min(starts)) / timedelta(seconds=1))
        seconds[second] = seconds.get(second, 0) + 1
    by_second: dict[int, int] = {}
    for second, count in windows.select("second", "count").iter_rows():
        by_second[second] = by_second.get(second, 0) + count
    assert by_second == seconds


def test_failures_users_and_endpoints(lines: Callable[..., ImportSource]) -> None:
    source = lines(
        *HEADS,
        declared("vus", "gauge"),
        *request(1, 100),
        *request(1.5, 50, True, error="boom", error_code="1500"),
        *request(2, 30, method="POST", name="/pay"),
        point("vus", 1, 4),
        point("vus", 2, 9),
        point("vus_max", 2, 20),
    )
    assert counted(source) == {("GET", "/a"): (2, 1), ("POST", "/pay"): (1, 0)}
    assert source.users == 9
    assert list(source.record.errors.by_kind) == [("GET", "/a", "boom, status 500")]
    assert source.started == pytest.approx(BEGAN.timestamp() + 0.9)
    assert "vus_max" in source.left_out
    assert "of each request the time of connecting, sending and waiting" in source.left_out


@pytest.mark.parametrize(
    ("tags", "failed"),
    [
        ({"expected_response": "false", "status": "200"}, 1),
        ({"expected_response": "true", "status": "404"}, 0),
        ({"status": "404"}, 1),
        ({"status": "0"}, 1),
        ({"status": "302"}, 0),
        ({"status": "200", "error_code": "1050"}, 1),
    ],
)
def test_without_http_req_failed_the_tags_say_it(
    lines: Callable[..., ImportSource], tags: dict[str, str], failed: int
) -> None:
    source = lines(HEADS[1], point("http_req_duration", 1, 5, name="x", **tags))
    assert counted(source) == {("", "x"): (1, failed)}


def test_the_outcome_may_come_before_the_latency(lines: Callable[..., ImportSource]) -> None:
    tags = {"name": "x"}
    source = lines(
        point("http_req_failed", 1, 1, **tags),
        point("http_req_failed", 1, 0, **tags),
        point("http_req_duration", 1, 5, **tags),
        point("http_req_duration", 1, 6, **tags),
    )
    assert counted(source) == {("", "x"): (2, 1)}


def test_where_nothing_says_whether_requests_failed_there_are_figures(
    saved: SaveRun, written: Written
) -> None:
    text = "\n".join(point("http_req_duration", 1 + n, n + 1, name="x") for n in range(9))
    run = saved(written("out.json", text))
    assert run.manifest.imported is not None
    given = run.manifest.imported.given
    assert given is not None
    assert (given.total.requests, given.total.failures) == (9, None)
    assert (given.total.min_ms, given.total.mean_ms, given.total.max_ms) == (1, 5, 9)
    assert run.manifest.verdict == "fail"
    assert run.manifest.thresholds[0].status == "missing"


def test_requests_without_latencies_are_counted(saved: SaveRun, written: Written) -> None:
    text = [HEADS[0], point("http_reqs", 0, 1, name="x"), point("http_reqs", 2, 1, name="y")]
    run = saved(written("out.json", "\n".join(text)))
    assert run.manifest.imported is not None
    given = run.manifest.imported.given
    assert given is not None
    assert (given.total.requests, given.total.failures, given.total.mean_ms) == (2, None, None)
    assert [figures.requests for figures in given.endpoints] == [1, 1]
    assert run.manifest.started == "2026-08-21T10:00:00Z"
    assert run.manifest.duration_s == 2
    assert run.manifest.verdict == "fail"


def test_custom_metrics_checks_and_groups(saved: SaveRun, written: Written) -> None:
    text = [
        *HEADS,
        declared("orders", "counter"),
        declared("queue", "gauge"),
        declared("size", "trend"),
        declared("hit", "rate"),
        declared("half", "counter"),
        *(line for n in range(4) for line in request(1 + n, 100)),
        point("orders", 2, 3),
        point("orders", 3, 4),
        point("queue", 3, 4),
        point("half", 3, 0.5),
        *(point("size", 2, value) for value in (10, 20, 60)),
        point("hit", 2, 1),
        point("hit", 2, 0),
        point("checks", 2, 1, check="is 200", group="::cart"),
        point("checks", 2, 0, check="is 200", group="::cart"),
        point("group_duration", 2, 70, group="::cart"),
    ]
    run = saved(written("out.json", "\n".join(text)))
    metrics = load_tallies(run).metrics
    found = {(key.kind, key.name, key.endpoint): tally for key, tally in metrics.items()}
    assert found["counter", "orders", ""].count == 7
    assert found["rate", "hit", ""].rate() == 0.5
    trend = found["trend", "size", ""]
    assert (trend.count, trend.least(), trend.mean(), trend.most()) == (3, 10, 30, 60)
    assert found["rate", "checks", "is 200"].rate() == 0.5
    assert found["trend", "group_duration", "::cart"].count == 1
    assert ("counter", "half", "") not in found
    assert run.manifest.imported is not None
    assert {"gauge queue", "fractions of counter half"} <= set(run.manifest.imported.left_out)
    own = {result.check: result.status for result in run.manifest.thresholds if not result.default}
    assert own == {"check is 200": "fail"}


def test_own_thresholds_are_judged_on_every_point(lines: Callable[..., ImportSource]) -> None:
    limits = ["p(50)<26", "p(90)<=46", "med>25", {"threshold": "max<50", "abortOnFail": True}]
    source = lines(
        declared("http_req_duration", "trend", limits,
                 submetrics=[{"name": "http_req_duration{expected_response:true}"},
                             {"name": "http_req_duration{name:/a}"}]),
        declared("http_reqs", "counter", ["count>4", "rate>=2"]),
        declared("http_req_failed", "rate", ["rate<0.25"]),
        declared("vus", "gauge", ["value>2", "p(95)<3"]),
        point("vus", 0, 3),
        point("vus", 1, 2),
        *request(0.01, 10),
        *request(1, 20),
        *request(2.01, 30, True),
        *request(3, 50),
    )  # fmt: skip
    # Sorted 10 20 30 50: half of the way is 25, nine tenths of it 0.7 of that from 30 to 50.
    own = {result.check: (result.status, result.reason) for result in source.thresholds}
    assert own == {
        "http_req_duration p(50)<26": ("pass", "p(50) is 25"),
        "http_req_duration p(90)<=46": ("pass", "p(90) is 44"),
        "http_req_duration med>25": ("fail", "med is 25"),
        "http_req_duration max<50": ("fail", "max is 50"),
        "http_reqs count>4": ("fail", "count is 4"),
        "http_reqs rate>=2": ("fail", "rate is 1.33333"),
        "http_req_failed rate<0.25": ("fail", "rate is 0.25"),
        "vus value>2": ("fail", "value is 2"),
        "vus p(95)<3": ("missing", "the points of this gauge do not say what it is about"),
    }
    assert "thresholds of http_req_duration{name:/a}, which k6 does not write" in source.absent


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ('{"metric": "http_reqs", "type": "Point", "data": {"value": 1}}', "without its time"),
        ('{"metric": "x", "type": "Point", "data": {"time": "2026-08-21T10:00:00", "value": 1}}',
         "no time zone"),
        ('{"metric": "x", "type": "Point", "data": {"time": "1960-08-21T10:00:00Z", "value": 1}}',
         "between 2001"),
        (point("http_req_duration", 1, -4, name="x"), "no latency"),
        (point("http_req_duration", 1, 1e12, name="x"), "no latency"),
        (point("http_reqs", 1, 0.5, name="x"), "no count"),
        ('{"metric": "x", "type": "Other", "data": {}}', "expected Metric or Point"),
        (HEADS[0], "several runs"),
        ("{}", "metric|type"),
        ("x" * 1_000_001, "too long"),
        (HEADS[0].replace("[]", "[" * 100_000), "nested too deeply"),
    ],
)  # fmt: skip
def test_lines_that_cannot_be_are_refused_by_their_number(
    lines: Callable[..., ImportSource], broken: str, why: str
) -> None:
    with pytest.raises(UsageError, match=rf"out.json line 9: .*({why})"):
        lines(*HEADS, *request(1, 100), broken, *request(2, 100))


def test_points_days_apart_are_no_single_run(lines: Callable[..., ImportSource]) -> None:
    with pytest.raises(UsageError, match="3 days apart"):
        lines(*request(1, 100), *request(3 * 86400, 100))


def test_a_last_line_that_was_cut_off_is_told(read: Read, written: Written) -> None:
    text = "\n".join([*HEADS, *request(1, 100), *request(2, 100)])
    source = read(written("out.json", text[:-30]))
    assert "line 13, the last, is cut off and was left out" in source.remarks
    assert counted(source) == {("GET", "/a"): (2, 0)}


@pytest.mark.parametrize("spoil", [lambda raw: raw[:-30], lambda raw: raw[:20] + b"x" * 9])
def test_damaged_gzip_is_refused(
    read: Read, written: Written, spoil: Callable[[bytes], bytes]
) -> None:
    raw = gzip.compress("\n".join([*HEADS, *request(1, 100)]).encode())
    with pytest.raises(UsageError, match="packed with gzip and cut off or damaged"):
        read(written("out.json.gz", spoil(raw)))


def test_a_metric_with_much_said_of_it_may_come_first(lines: Callable[..., ImportSource]) -> None:
    parts = [{"name": f"http_req_duration{{name:{n}}}"} for n in range(300)]
    source = lines(declared("http_req_duration", "trend", submetrics=parts), *request(1, 100))
    assert counted(source) == {("GET", "/a"): (1, 0)}


def test_other_json_with_points_is_none_of_k6(read: Read, written: Written) -> None:
    text = '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "data": 1}'
    with pytest.raises(UsageError, match="in no format that can be imported"):
        read(written("place.json", text))


def test_points_of_no_request_are_refused(lines: Callable[..., ImportSource]) -> None:
    with pytest.raises(UsageError, match="no HTTP request"):
        lines(declared("vus", "gauge"), point("vus", 1, 4))


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.floats(0, 1))
def test_a_percentile_lies_between_its_neighbours(values: list[float], share: float) -> None:
    found = percentile_between(values, share)
    at = share * (len(values) - 1)
    below, above = sorted(values)[math.floor(at)], sorted(values)[math.ceil(at)]
    assert below - 1e-6 <= found <= above + 1e-6


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_spoilt_files_are_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    raw = bytearray("\n".join([*HEADS, *request(1, 100), *request(2, 9, True)]).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    path = tmp_path_factory.mktemp("spoilt") / "out.json"
    path.write_bytes(bytes(raw))
    refused = ""
    try:
        assert read_k6_lines(path).record.endpoints.entries
    except UsageError as error:
        refused = str(error)
    assert "\n" not in refused


def test_a_few_thousand_requests_are_all_counted(tmp_path: Path) -> None:
    # More than are looked at for the earliest start, and more cells than are packed at once.
    points = K6Points(tmp_path / "out.json")
    for n in range(12_000):
        tags = {"name": f"/{n % 30}", "status": "200"}
        points.add("http_req_duration", 2 * 10**15 + n * 1000, 1 + n % 997, tags)
    source = ImportSource("k6", "", [], "")
    points.fill(source)
    assert sum(count for count, _ in counted(source).values()) == 12_000
    assert K6Samples(tmp_path / "none").most_users() is None


CSV_HEAD = (
    "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,"
    "proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata"
)
TAGS = CSV_HEAD.split(",")[3:]


def row(metric: str, time: object, value: float, **tags: str) -> str:
    return ",".join([metric, str(time), f"{value:f}", *(tags.get(tag, "") for tag in TAGS)])


def csv_request(time: object, ms: float, failed: bool = False, **tags: str) -> list[str]:
    tags = {"method": "GET", "name": "/a", "status": "500" if failed else "200",
            "expected_response": str(not failed).lower(), **tags}  # fmt: skip
    values = {"http_reqs": 1.0, "http_req_duration": ms, "http_req_waiting": ms / 2,
              "http_req_failed": float(failed)}  # fmt: skip
    return [row(metric, time, value, **tags) for metric, value in values.items()]


def test_csv_holds_every_request(saved: SaveRun, written: Written) -> None:
    second = 1_787_306_400
    text = [
        CSV_HEAD,
        *csv_request(second, 100),
        *csv_request(second, 250.5, True, error='"so, what"'),
        *csv_request(second + 3, 70, name="/b", method="POST"),
        row("checks", second, 1, check="is 200"),
        row("vus", second, 8),
        row("orders", second, 1),
    ]
    run = saved(written("out.csv.gz", gzip.compress("\r\n".join(text).encode())))
    assert run.manifest.plan.name == "out"
    assert [endpoint.label for endpoint in run.manifest.endpoints] == ["GET /a", "POST /b"]
    assert (run.manifest.totals.requests, run.manifest.totals.failures) == (3, 1)
    assert run.manifest.totals.users_max == 8
    assert sorted(run.windows()["sum_us"]) == [70_000, 100_000, 250_500]
    assert run.errors()["message"].to_list() == ["so, what, status 500"]
    imported = run.manifest.imported
    assert imported is not None
    assert "orders" in imported.left_out
    assert "k6's own thresholds" in imported.absent
    assert any("whole seconds" in remark for remark in imported.remarks)


@pytest.mark.parametrize(
    "time",
    ["1787306400250", "1787306400250000", "1787306400250000000",
     "2026-08-21T10:00:00.25Z", "2026-08-21T07:00:00.250000000-03:00"],
)  # fmt: skip
def test_csv_times_in_every_format(lines: Callable[..., ImportSource], time: str) -> None:
    source = lines(CSV_HEAD, *csv_request(time, 250), name="out.csv")
    assert source.started == 1_787_306_400
    assert source.duration_s == 0.25
    assert not any("whole seconds" in remark for remark in source.remarks)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([CSV_HEAD], "a second time; several runs"),
        ([row("http_req_duration", 9, 1)], "between 2001"),
        ([row("http_req_duration", "yesterday", 1)], "expected a number or RFC 3339"),
        ([row("http_req_duration", "2026-08-21T10:00:00", 1)], "no time zone"),
        ([row("http_req_duration", 1787306400, 1).replace("1.000000", "nan")], "cannot have been"),
        ([row("http_req_duration", 1787306400, 1).replace("1.000000", "x")], "no number"),
        ([row("vus", 1787306400, 1) + ",more"], "20 of 19 columns"),
        (["vus,1787306400,1", row("vus", 1787306400, 1)], "not the 19 columns"),
    ],
)
def test_csv_rows_that_cannot_be_are_refused(
    lines: Callable[..., ImportSource], rows: list[str], why: str
) -> None:
    with pytest.raises(UsageError, match=f"out.csv line 6: .*{why}"):
        lines(CSV_HEAD, *csv_request(1787306400, 1), *rows, name="out.csv")


def test_a_last_row_that_was_cut_off_is_told(read: Read, written: Written) -> None:
    text = "\n".join([CSV_HEAD, *csv_request(1_787_306_400, 100)])
    source = read(written("out.csv", text[:-40]))
    assert "line 5, the last, is cut off and was left out" in source.remarks
    # Its tag says what the point that was cut off would have.
    assert counted(source) == {("GET", "/a"): (1, 0)}


def test_csv_without_points_is_refused(read: Read, written: Written) -> None:
    with pytest.raises(UsageError, match="holds no point"):
        read(written("out.csv", CSV_HEAD + "\n"))
