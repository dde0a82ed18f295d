"""A saved run with something of everything in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.plan.model import Plan, Threshold
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import (
    CounterAdd,
    ErrorCount,
    ExceptionCount,
    RateAdd,
    TrendInfo,
    WorkerHealth,
)
from loadtui.store.final_files import write_final_files
from loadtui.store.stored_run import Run
from loadtui.verdict.run_judgement import judge_run
from loadtui.verdict.validity import run_seconds
from tests.support.run_writer import RunWriter, trend_add

CHAT, MODELS, KOREAN = "/v1/chat/completions", "/v1/models", "/검색 🔎"

PLAN = Plan(
    name="gateway",
    locustfiles=("/project/gateway.py",),
    host="http://127.0.0.1:8000",
    thresholds=(
        Threshold("p95 < 2s", stage="L2"),
        Threshold("error_rate < 1%", stage="L2"),
        Threshold("p95 < 150ms", stage="L2", endpoint="* /v1/*"),
        Threshold("violations == 0", stage="L1"),
        Threshold("ttft.p95 < 1s", stage="L3"),
    ),
)


def requests(
    endpoint: int, second: int, ms: float, count: int, ok: int = 1, size: int = 100
) -> tuple[list[int], list[int]]:
    """Cells and windows of requests that all took equally long."""
    us = round(ms * 1000)
    cell = [endpoint, ok, second, bin_of(us), count]
    return cell, [endpoint, ok, second, count, us * count, us, us, size * count]


def fill(writer: RunWriter) -> None:
    writer.stage("L1", 0, users=10, ramp_s=2.0, planned_s=20.0)
    writer.stage("L2", 20, users=50, ramp_s=4.0, planned_s=20.0)
    cells: list[int] = []
    windows: list[int] = []
    for second in range(40):
        for endpoint, ms, count in [(0, 112.0 + second, 30), (1, 4.1, 10), (2, 60.0, 5)]:
            cell, window = requests(endpoint, second, ms, count)
            cells += cell
            windows += window
        writer.second(second, users=10 if second < 20 else 50, stage=second // 20, workers=[])
    for second in range(25, 40):
        cell, window = requests(0, second, 1310.0, 2, ok=0, size=0)
        cells += cell
        windows += window
    writer.delta(
        endpoints=[(0, "POST", CHAT), (1, "GET", MODELS), (2, "GET", KOREAN)],
        cells=cells,
        windows=windows,
        errors=[
            ErrorCount("POST", CHAT, "503 Service\ndegraded \x1b[31m", 28, 25.1, 39.4),
            ErrorCount("POST", CHAT, "시간 초과", 2, 30.0, 31.0),
        ],
        exceptions=[
            ExceptionCount(
                "KeyError: 'choices'",
                'Traceback (most recent call last):\n  File "gateway.py", line 41, in chat\n'
                "    reply['choices']\nKeyError: 'choices'\n",
                3,
                12.0,
                30.5,
            )
        ],
        counters=[CounterAdd("violations", "", 3, 0), CounterAdd("violations", "", 9, 2)],
        rates=[RateAdd("timeouts", "", 30, 1, 8)],
        trends=[trend_add("ttft", f"POST {CHAT}", second, *[83.1] * 5) for second in (8, 30)],
        trend_infos=[TrendInfo("ttft", "ms", "lower")],
        health=[WorkerHealth(second, 0.4, 0.01, 0.5, 10, 3) for second in range(40)],
        unfinished=4,
        final=True,
    )


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Two stages of 20 s, 1 830 requests, judged."""
    writer = RunWriter(tmp_path / "20261123-101502-gateway-3f2a")
    fill(writer)
    fields = {"plan": PLAN, "duration_s": 41.2, "ended_because": "all stages were run"}
    manifest = writer.manifest("finished", **fields)
    run = Run(writer.folder, write_final_files(writer.folder, manifest, end_second=40))
    from loadtui.store.load_tallies import load_tallies

    run.manifest = judge_run(run.manifest, load_tallies(run), run_seconds(run.timeline()))
    return run
