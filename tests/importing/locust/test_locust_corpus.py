"""Requests drawn at random, counted and written by Locust itself, and what each file must come to.

The truth is computed from the requests, by the rules of Locust's statistics: nothing of the
importer is used.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from loadtui.importing.source import ImportSource
from loadtui.samples.source_figures import SourceFigures

Read = Callable[..., ImportSource]

SEEDS = range(5)
BEGAN = 1_780_000_000
ENTRIES = (("GET", "/"), ("POST", "/cart?id=1,2"), ("", 'say "hi"'), ("GET", "/größe"))
WRITER = """
import csv, json, sys
from locust.env import Environment
from locust.stats import StatsCSV, StatsEntry, RequestStats, save_stats_json
import locust.stats, time

drawn = json.loads(sys.stdin.read())
for name, requests in drawn.items():
    environment = Environment()
    environment.stats = stats = RequestStats()
    for method, entry, second, ms, size, error in requests:
        time.time = lambda: second
        stats.log_request(method, entry, ms, size)
        if error:
            stats.log_error(method, entry, error)
    for one in (stats.total, *stats.entries.values()):
        one.start_time = min(request[2] for request in requests)
    writer = StatsCSV(environment, locust.stats.PERCENTILES_TO_REPORT)
    with open(f"{name}_stats.csv", "w", newline="") as file:
        writer.requests_csv(csv.writer(file))
    with open(f"{name}_failures.csv", "w", newline="") as file:
        writer.failures_csv(csv.writer(file))
    save_stats_json(stats, name)  # which empties the entries
"""


class Drawn(NamedTuple):
    method: str
    name: str
    second: float
    ms: float
    size: int
    error: str


def drawn(seed: int) -> list[Drawn]:
    draw = random.Random(seed)
    share = draw.choice([0.0, 0.01, 0.3])
    return [
        Drawn(
            *draw.choice(ENTRIES),
            BEGAN + draw.randrange(40),
            round(draw.lognormvariate(3 + seed, 0.9), 3),
            draw.randrange(9_000),
            draw.choice(["ValueError('no, not | this')", "503"]) if draw.random() < share else "",
        )
        for _ in range(draw.randrange(60, 500))
    ]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which Locust wrote the runs of all seeds."""
    folder = tmp_path_factory.mktemp("locust")
    subprocess.run(
        [sys.executable, "-c", WRITER],
        input=json.dumps({f"run{seed}": drawn(seed) for seed in SEEDS}),
        cwd=folder, text=True, check=True, timeout=60,
    )  # fmt: skip
    return folder


def rounded(ms: float) -> int:
    """As Locust gathers latencies (`bucket_response_time`)."""
    if ms < 100:
        return round(ms)
    return round(ms, -1 if ms < 1000 else -2 if ms < 10_000 else -3)


def percentile(requests: list[Drawn], share: float) -> int:
    """Locust's (`calculate_response_time_percentile`): as many lie at or above it as the rest of
    the share says, in whole requests."""
    below = int(len(requests) * share)
    ordered = sorted((rounded(one.ms) for one in requests), reverse=True)
    return ordered[max(len(requests) - below - 1, 0)]


def check(figures: SourceFigures, requests: list[Drawn]) -> None:
    assert figures.requests == len(requests)
    assert figures.failures == sum(bool(one.error) for one in requests)
    latencies = [one.ms for one in requests]
    assert figures.mean_ms == pytest.approx(sum(latencies) / len(latencies))
    assert (figures.min_ms, figures.max_ms) == (min(latencies), max(latencies))
    for name, share in {"p50": 0.5, "p95": 0.95, "p99": 0.99}.items():
        assert figures.percentiles[name] == percentile(requests, share), name


@pytest.mark.parametrize("kind", ["json", "csv"])
@pytest.mark.parametrize("seed", SEEDS)
def test_figures_are_those_of_the_requests(read: Read, files: Path, seed: int, kind: str) -> None:
    requests = drawn(seed)
    csv_files = [files / f"run{seed}_{part}.csv" for part in ("stats", "failures")]
    source = read(*([files / f"run{seed}.json"] if kind == "json" else csv_files))
    assert source.figures is not None
    check(source.figures.total, requests)
    entries = source.record.endpoints.entries
    assert set(entries) == {(one.method, one.name) for one in requests}
    for entry, figures in zip(entries, source.figures.endpoints, strict=True):
        check(figures, [one for one in requests if (one.method, one.name) == entry])
    if kind == "json":
        assert source.started == min(one.second for one in requests)
    else:
        kinds = source.record.errors.by_kind
        assert sum(known.count for known in kinds.values()) == source.figures.total.failures
