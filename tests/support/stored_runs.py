"""Kept runs with known numbers, written through the store and judged, without any load."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loadtui.plan.model import Plan
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import CounterAdd, RateAdd, TrendInfo
from loadtui.store.final_files import write_final_files
from loadtui.store.load_tallies import load_tallies
from loadtui.store.manifest_file import write_manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.run_judgement import judge_run
from loadtui.verdict.validity import run_seconds
from tests.support.run_writer import RunWriter, trend_add

LEAD = 2
"""Seconds of every stage before its measured part."""


@dataclass(frozen=True)
class Traffic:
    """What one endpoint does each second."""

    ms: float = 100.0
    """Median latency."""
    count: int = 40
    failing: float = 0.0
    spread: float = 0.2
    """Sd of the logarithm of its latencies."""
    us: int | None = None
    """Latency of every request, in place of the distribution."""
    tail: float = 0.0
    """Share of requests that take `tail_ms`."""
    tail_ms: float = 200.0
    timed: bool = True
    """False: no request has a response time."""


def keep_run(
    folder: Path,
    traffic: Mapping[str, Traffic],
    *,
    stages: Sequence[tuple[str, int]] = (("L1", 60),),
    seed: int = 1,
    users: int = 10,
    counters: Mapping[str, int] | None = None,
    slow: float | None = None,
    ttft: float | None = None,
    judge: bool = True,
    **fields: Any,
) -> Run:
    """Write a run into `folder`; `stages` are names and measured seconds.

    Every stage has the traffic by endpoint (`GET /a`).  `counters` count in every stage, `slow` is
    the share of hits of a Rate, `ttft` the median of a Trend in ms.
    """
    rng = random.Random(seed)
    writer = RunWriter(folder)
    metrics: dict[str, list[Any]] = {"counters": [], "rates": [], "trends": []}
    cells: list[int] = []
    windows: list[int] = []
    start = 0
    for index, (name, seconds) in enumerate(stages):
        # No settling time: the ramp alone is not measured.
        writer.stage(name, start, users=users, ramp_s=float(LEAD), planned_s=0.0)
        end = start + LEAD + seconds
        for second in range(start, end):
            for number, one in enumerate(traffic.values()):
                _requests(rng, number, second, one, cells, windows)
            if slow is not None:
                metrics["rates"].append(RateAdd("slow", "", second, round(50 * slow), 50))
            if ttft is not None:
                factors = [math.exp(0.2 * rng.gauss(0, 1)) for _ in range(20)]
                metrics["trends"] += [
                    trend_add("ttft", "", second, ttft * factor) for factor in factors
                ]
            writer.second(second, users=users, stage=index, workers=[])
        for counter, amount in (counters or {}).items():
            metrics["counters"].append(CounterAdd(counter, "", start, amount))
        start = end
    writer.delta(
        endpoints=[(number, *label.split(" ", 1)) for number, label in enumerate(traffic)],
        cells=cells,
        windows=windows,
        trend_infos=[TrendInfo("ttft", "ms", "lower")] if ttft is not None else [],
        final=True,
        **metrics,
    )
    manifest = writer.manifest("finished", **{"duration_s": float(start), **fields})
    run = Run(folder, write_final_files(folder, manifest, end_second=start))
    if judge:
        run.manifest = judge_run(run.manifest, load_tallies(run), run_seconds(run.timeline()))
        write_manifest(folder, run.manifest)
    return run


def plan(**fields: Any) -> Plan:
    return Plan(**{"name": "gateway", "locustfiles": ("/project/gateway.py",), **fields})


def _requests(
    rng: random.Random,
    number: int,
    second: int,
    traffic: Traffic,
    cells: list[int],
    windows: list[int],
) -> None:
    failed = min(traffic.count, int(traffic.count * traffic.failing + rng.random()))
    for ok, count in ((0, failed), (1, traffic.count - failed)):
        if not count:
            continue
        if not traffic.timed:
            windows += (number, ok, second, count, 0, -1, -1, 0)
            continue
        times = [_latency_us(rng, traffic) for _ in range(count)]
        for bin_, many in Counter(map(bin_of, times)).items():
            cells += (number, ok, second, bin_, many)
        windows += (number, ok, second, count, sum(times), min(times), max(times), 0)


def _latency_us(rng: random.Random, traffic: Traffic) -> int:
    if traffic.us is not None:
        return traffic.us
    slow = traffic.tail and rng.random() < traffic.tail
    middle = traffic.tail_ms if slow else traffic.ms
    return round(1000 * middle * math.exp(traffic.spread * rng.gauss(0, 1)))
