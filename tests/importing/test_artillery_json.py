"""JSON that Artillery wrote, of version 1 and of version 2."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.samples.source_figures import SourceFigures
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]
Changed = Callable[..., Path]

MADE = {
    "shop": (144, 48, [("HTTP 503", 48)]),
    "plain": (30, 15, [("HTTP 404", 15)]),
    "hang": (9, 9, [("ETIMEDOUT", 9)]),
    "refused": (6, 6, [("ECONNREFUSED", 6)]),
}
"""By what the scenarios do: requests, failures and their kinds."""
PATHS = {
    "shop": {"/": 48, "/slow": 48, "/broken": 48},
    "plain": {"/": 15, "/missing": 15},
    "hang": {"/hang": 9},
    "refused": {"/": 6},
}


@pytest.fixture
def changed(data: Path, written: Written) -> Changed:
    """`changed(version, {"counters": {...}})` writes a real file with other values in its
    aggregate; an object is merged with the one that is there, None takes a key away."""

    def write(version: int, values: dict[str, Any]) -> Path:
        document = json.loads((data / f"artillery{version}_shop.json").read_text())
        aggregate = document["aggregate"]
        for name, value in values.items():
            old = aggregate.get(name)
            both = {**old, **value} if isinstance(value, dict) and isinstance(old, dict) else value
            if isinstance(both, dict):
                both = {key: inner for key, inner in both.items() if inner is not None}
            aggregate[name] = both
        return written("run.json", json.dumps(document))

    return write


def total(source: ImportSource) -> SourceFigures:
    assert source.figures is not None
    return source.figures.total


def kinds(source: ImportSource) -> list[tuple[str, int]]:
    return [(kind[2], found.count) for kind, found in source.record.errors.by_count()]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("name", MADE)
def test_counts_are_those_of_the_scenario(read: Read, version: int, name: str) -> None:
    source = read(f"artillery{version}_{name}.json")
    assert (total(source).requests, total(source).failures, kinds(source)) == MADE[name]


@pytest.mark.parametrize("name", MADE)
def test_figures_of_version_2_are_those_of_the_file(read: Read, data: Path, name: str) -> None:
    said = json.loads((data / f"artillery2_{name}.json").read_text())["aggregate"]
    source = read(f"artillery2_{name}.json")
    latency = said["summaries"].get("http.response_time", {})
    found = total(source)
    assert (found.mean_ms, found.min_ms, found.max_ms) == tuple(
        latency.get(stat) for stat in ("mean", "min", "max")
    )
    assert found.percentiles == {
        name: latency[key]
        for name, key in (("p50", "p50"), ("p75", "p75"), ("p90", "p90"), ("p95", "p95"),
                          ("p99", "p99"), ("p99.9", "p999"))
        if latency
    }  # fmt: skip
    assert found.rps == said["rates"]["http.request_rate"]
    assert source.started == said["firstCounterAt"] / 1000
    assert source.duration_s == (said["lastMetricAt"] - said["firstCounterAt"]) / 1000
    assert source.left_out == ["what happened every ten seconds"]


@pytest.mark.parametrize("name", MADE)
def test_endpoints_are_those_of_the_plugin(read: Read, data: Path, name: str) -> None:
    said = json.loads((data / f"artillery2_{name}.json").read_text())["aggregate"]
    source = read(f"artillery2_{name}.json")
    assert source.figures is not None
    names = [path for _, path in source.record.endpoints.entries]
    endpoints = dict(zip(names, source.figures.endpoints, strict=True))
    assert {path: one.requests for path, one in endpoints.items()} == PATHS[name]
    for path, figures in endpoints.items():
        times = said["summaries"].get(f"plugins.metrics-by-endpoint.response_time.{path}", {})
        assert (figures.mean_ms, figures.max_ms) == (times.get("mean"), times.get("max"))
        assert figures.percentiles.get("p95") == times.get("p95")
        fails = path in ("/broken", "/missing", "/hang") or name == "refused"
        assert figures.failures == (figures.requests if fails else 0)


@pytest.mark.parametrize("name", MADE)
def test_figures_of_version_1_are_those_of_the_file(read: Read, data: Path, name: str) -> None:
    said = json.loads((data / f"artillery1_{name}.json").read_text())["aggregate"]
    source = read(f"artillery1_{name}.json")
    found = total(source)
    assert (found.min_ms, found.max_ms) == (said["latency"]["min"], said["latency"]["max"])
    assert [found.percentiles.get(one) for one in ("p50", "p95", "p99")] == [
        said["latency"][key] for key in ("median", "p95", "p99")
    ]
    assert found.rps == said["rps"]["mean"]
    assert (source.started, source.duration_s) == (None, None)


def test_a_capture_that_does_not_fit(read: Read) -> None:
    source = read("artillery2_capture.json")
    assert (total(source).requests, total(source).failures) == (9, 9)
    assert kinds(source) == [("Failed capture or match", 9)]
    # Version 1 says nothing of it but that no scenario came to its end.
    source = read("artillery1_capture.json")
    assert (total(source).requests, total(source).failures) == (9, 0)
    assert any(remark.startswith("9 of its 9 virtual users did not") for remark in source.remarks)


@pytest.mark.parametrize("version", [1, 2])
def test_they_are_judged(saved: SaveRun, changed: Changed, version: int) -> None:
    assert saved(f"artillery{version}_shop.json").manifest.verdict == "fail"
    good = {1: {"codes": {"200": 144, "503": None}},
            2: {"counters": {"http.codes.200": 144, "http.codes.503": None,
                             "plugins.metrics-by-endpoint./broken.codes.503": None,
                             "plugins.metrics-by-endpoint./broken.codes.200": 48}}}  # fmt: skip
    assert saved(changed(version, good[version])).manifest.verdict == "pass"


def test_names_with_dots_and_words_of_counters(read: Read, changed: Changed) -> None:
    plugin = "plugins.metrics-by-endpoint."
    counters = {f"{plugin}/a.codes.b/v1.2.codes.200": 5, f"{plugin}/a.errors.E.F": 2}
    source = read(changed(2, {"counters": counters}))
    names = {name for _, name in source.record.endpoints.entries}
    assert {"/a.codes.b/v1.2", "/a"} <= names
    assert "it says 144 requests, and its parts add up to 151" in source.remarks


def test_sums_that_differ_are_told(read: Read, changed: Changed) -> None:
    for version, values in ((1, {"codes": {"200": 90}}), (2, {"counters": {"http.codes.200": 90}})):
        remarks = read(changed(version, values)).remarks
        assert "it says 144 answers, and its parts add up to 138" in remarks


def test_counters_of_its_own_are_left_out(read: Read, changed: Changed) -> None:
    left = read(changed(2, {"counters": {"my.counter": 5}, "fresh": {"a": 1}})).left_out
    assert {"my.counter", "fresh"} <= set(left)


@pytest.mark.parametrize(
    ("version", "values", "why"),
    [
        (1, {"rps": {"count": 0}}, "holds no HTTP request"),
        (2, {"counters": {"http.requests": None}}, "holds no HTTP request"),
        (1, {"latency": {"p95": -1}}, "below 0"),
        (1, {"codes": {"OK": 5}}, "is no HTTP status"),
        (1, {"errors": {"ETIMEDOUT": "5"}}, "is no number"),
        (1, {"latency": [1]}, "is no object"),
        (2, {"counters": {"http.requests": 1.5}}, "no whole number"),
        (2, {"counters": {"http.codes.": 5}}, "is no HTTP status"),
        (2, {"summaries": {"http.response_time": {"p95": "5"}}}, "is no number"),
        (2, {"rates": {"http.request_rate": 1e300}}, "larger than anything"),
        (2, {"firstMetricAt": "now"}, "is no number"),
    ],
)
def test_what_cannot_be_is_refused(
    read: Read, changed: Changed, version: int, values: dict[str, Any], why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        read(changed(version, values))


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_that_is_cut_off(read: Read, data: Path, written: Written, version: int) -> None:
    text = (data / f"artillery{version}_shop.json").read_text()
    with pytest.raises(UsageError, match="cut off or no JSON"):
        read(written("run.json", text[: len(text) // 2]))


@pytest.mark.parametrize(
    "content",
    [
        {"aggregate": {"counters": {"http.requests": 5}}},
        {"aggregate": {"rps": 5}},
        {"aggregate": [], "intermediate": []},
        {"counters": {"http.requests": 5}, "rates": {}},
    ],
)
def test_other_json_is_not_taken_for_it(
    read: Read, written: Written, content: dict[str, Any]
) -> None:
    with pytest.raises(UsageError, match="in no format that can be imported"):
        read(written("run.json", json.dumps(content)))
