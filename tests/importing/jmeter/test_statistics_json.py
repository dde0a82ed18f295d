"""Runs drawn at random, as JMeter's dashboard sums them up, and what each must come to.

The files are made from JMeter's StatisticsSummaryConsumer.java and JsonExporter.java, and the truth
from the samples.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean, median
from typing import Any, NamedTuple

import pytest

from loadtui.errors import UsageError
from loadtui.importing.source import ImportSource
from loadtui.samples.source_figures import SourceFigures
from loadtui.store.stored_run import Run

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

LABELS = ("home", "say “hi”", "/cart?id=[1]")


class Made(NamedTuple):
    label: str
    start_ms: int
    elapsed: int
    failed: bool


def made(seed: int) -> list[Made]:
    draw = random.Random(seed)
    share = draw.choice([0.0, 0.003, 0.3])
    return [
        Made(draw.choice(LABELS), draw.randint(0, 60_000), int(draw.lognormvariate(4, 1)),
             draw.random() < share)
        for _ in range(draw.randint(50, 900))
    ]  # fmt: skip


def rank(times: Sequence[int], share: float) -> float:
    ordered = sorted(times)
    return float(ordered[min(int(share * len(ordered)), len(ordered) - 1)])


def entry(name: str, samples: list[Made]) -> dict[str, Any]:
    times = [one.elapsed for one in samples]
    failed = sum(one.failed for one in samples)
    span = max(one.start_ms + one.elapsed for one in samples) - min(one.start_ms for one in samples)
    return {
        "transaction": name, "sampleCount": len(samples), "errorCount": failed,
        "errorPct": failed * 100 / len(samples), "meanResTime": fmean(times),
        "medianResTime": median(times), "minResTime": float(min(times)),
        "maxResTime": float(max(times)), "pct1ResTime": rank(times, 0.9),
        "pct2ResTime": rank(times, 0.95), "pct3ResTime": rank(times, 0.99),
        "throughput": len(samples) / span * 1000, "receivedKBytesPerSec": 5.1,
        "sentKBytesPerSec": 0.5,
    }  # fmt: skip


def document(samples: list[Made]) -> dict[str, dict[str, Any]]:
    labels = dict.fromkeys(one.label for one in samples)
    entries = {
        label: entry(label, [one for one in samples if one.label == label]) for label in labels
    }
    return {"Total": entry("Total", samples), **entries}


def changed(name: str = "Total", **values: object) -> dict[str, Any]:
    """A document of which one entry has other values."""
    found = document([Made("home", at * 100, 20 + at, failed=False) for at in range(100)])
    found[name].update(values)
    return found


def total(source: ImportSource) -> SourceFigures:
    assert source.figures is not None
    return source.figures.total


@pytest.mark.parametrize("seed", range(8))
def test_figures_agree_with_the_samples(saved: SaveRun, written: Written, seed: int) -> None:
    samples = made(seed)
    run = saved(written("statistics.json", json.dumps(document(samples), indent=2)))
    imported = run.manifest.imported
    assert imported is not None
    assert imported.given is not None
    names = [endpoint.name for endpoint in run.manifest.endpoints]
    assert set(names) == {one.label for one in samples}
    pairs = [("", imported.given.total), *zip(names, imported.given.endpoints, strict=True)]
    for label, figures in pairs:
        own = [one for one in samples if label in ("", one.label)]
        times = [one.elapsed for one in own]
        failed = sum(one.failed for one in own)
        assert (figures.requests, figures.failures) == (len(own), failed)
        assert figures.error_rate == failed / len(own)
        assert (figures.min_ms, figures.max_ms) == (min(times), max(times))
        assert figures.mean_ms == pytest.approx(fmean(times))
        assert figures.percentiles == {
            "p50": median(times), "p90": rank(times, 0.9), "p95": rank(times, 0.95),
            "p99": rank(times, 0.99),
        }  # fmt: skip
    assert imported.left_out == ["receivedKBytesPerSec", "sentKBytesPerSec"]
    failing = sum(one.failed for one in samples) / len(samples)
    assert run.manifest.verdict == ("pass" if failing < 0.01 else "fail")


def test_which_percentiles_were_assumed_is_told(read: Read, written: Written) -> None:
    source = read(written("s.json", json.dumps(changed())))
    assert any("taken for p90, p95 and p99, JMeter's default" in one for one in source.remarks)
    # With aggregate_rpt_pct1=99 they are out of order.
    source = read(written("s.json", json.dumps(changed(pct1ResTime=118.0, pct2ResTime=70.0))))
    assert any("contradict each other" in remark for remark in source.remarks)


def test_transactions_are_in_no_total(read: Read, written: Written) -> None:
    samples = [Made("home", at * 100, 20, failed=False) for at in range(10)]
    entries = {**document(samples), "TX": entry("TX", samples)}
    source = read(written("s.json", json.dumps(entries)))
    assert total(source).requests == 10
    assert any("those of transactions sum up others" in remark for remark in source.remarks)


def test_a_total_of_more_than_its_labels_is_told(read: Read, written: Written) -> None:
    source = read(written("s.json", json.dumps(changed(sampleCount=150))))
    assert "'Total' has 150 requests, and its labels only 100" in source.remarks


def test_without_a_total_counts_add_up(read: Read, written: Written) -> None:
    entries = document(made(1))
    del entries["Total"]
    source = read(written("s.json", json.dumps(entries)))
    assert total(source).requests == sum(one["sampleCount"] for one in entries.values())
    assert total(source).mean_ms is None
    assert any("no entry 'Total'" in remark for remark in source.remarks)


def test_what_jmeter_could_not_divide_is_not_known(read: Read, written: Written) -> None:
    """A controller that did not run has no sample, the largest minimum and no share."""
    empty = {"transaction": "TX", "sampleCount": 0, "errorCount": 0, "errorPct": "NaN",
             "meanResTime": "NaN", "medianResTime": "NaN", "minResTime": 9.223372036854775807e18,
             "maxResTime": -9.223372036854775808e18, "throughput": "Infinity"}  # fmt: skip
    source = read(written("s.json", json.dumps({**changed(throughput="NaN"), "TX": empty})))
    assert source.figures is not None
    assert source.figures.endpoints[1] == SourceFigures(requests=0, failures=0)
    assert total(source).rps is None
    assert "requests per second" in source.absent


def test_older_versions_lack_the_median(read: Read, written: Written) -> None:
    entries = {name: {key: value for key, value in one.items() if key != "medianResTime"}
               for name, one in changed().items()}  # fmt: skip
    source = read(written("s.json", json.dumps(entries)))
    assert "median" in source.absent


def test_keys_that_are_not_known_are_left_out(read: Read, written: Written) -> None:
    source = read(written("s.json", json.dumps(changed("home", pct999ResTime=0.9))))
    assert source.left_out == ["receivedKBytesPerSec", "sentKBytesPerSec", "pct999ResTime"]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"sampleCount": 0}, "holds no request"),
        ({"sampleCount": 1.5}, "no whole number"),
        ({"sampleCount": None}, "does not say how many"),
        ({"errorCount": 101}, "101 of 100, which cannot be"),
        ({"errorCount": -1}, "below 0"),
        ({"errorPct": 5.0}, "is 5 %, and 0 of 100 requests are 0 %"),
        ({"errorPct": 130.0}, "130 % is more than all"),
        ({"meanResTime": -1}, "below 0"),
        ({"meanResTime": "fast"}, "is no number"),
        ({"meanResTime": [5]}, "is no number"),
        ({"maxResTime": 1e300}, "larger than anything"),
        ({"transaction": "other"}, "is not the name of its entry"),
    ],
)
def test_what_cannot_be_is_refused(
    read: Read, written: Written, values: dict[str, Any], why: str
) -> None:
    with pytest.raises(UsageError, match=why) as error:
        read(written("s.json", json.dumps(changed(**values))))
    assert "\n" not in str(error.value)


def test_a_file_that_is_cut_off(read: Read, written: Written) -> None:
    text = json.dumps(changed())
    with pytest.raises(UsageError, match="cut off or no JSON"):
        read(written("s.json", text[: len(text) // 2]))


@pytest.mark.parametrize(
    "content",
    [
        {"Total": {"sampleCount": 5, "errorCount": 1}},
        {**changed(), "version": 5},
        {**changed(), "limits": {"rps": 5}},
        [changed()],
    ],
)
def test_other_json_is_not_taken_for_it(read: Read, written: Written, content: object) -> None:
    with pytest.raises(UsageError, match="in no format that can be imported"):
        read(written("s.json", json.dumps(content)))
