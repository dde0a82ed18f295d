"""A plan to simulate, and profiles whose truth is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.plan.model import Plan, Stage
from loadtui.simulate.profile import (
    BurstProfile,
    CounterProfile,
    EndpointProfile,
    LatencyPart,
    LoadProfile,
    Profile,
    RateProfile,
    StallProfile,
    TrendProfile,
)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    locustfile = tmp_path / "shop.py"
    locustfile.write_text("import locust\n")
    stages = (Stage("L1", 10, 5, 40), Stage("L2", 40, 10, 60))
    return Plan(name="shop", locustfiles=(str(locustfile),), stages=stages)


@pytest.fixture
def steady() -> Profile:
    """Nothing wanders, stalls or differs from run to run."""
    endpoints = (
        EndpointProfile(
            method="GET",
            name="/a",
            weight=3,
            error_rate=0.1,
            bytes=500,
            latency=(
                LatencyPart(median_ms=20, sigma=0.3, weight=0.8),
                LatencyPart(median_ms=200, sigma=0.2, weight=0.2),
            ),
        ),
        EndpointProfile(
            method="POST",
            name="/b",
            weight=1,
            error_rate=0.0,
            latency=(LatencyPart(median_ms=50, sigma=0.5),),
        ),
    )
    return Profile(
        endpoints=endpoints,
        load=LoadProfile(sd=0.0, memory=0.0, slows=0.0),
        stalls=StallProfile(every_s=0),
        bursts=BurstProfile(every_s=0),
        run_to_run=0.0,
        counters=(CounterProfile(name="violations", share=0.25, endpoint="GET /a"),),
        rates=(RateProfile(name="timeouts", share=0.5),),
        trends=(TrendProfile(name="ttft", median=80, sigma=0.2, unit="ms", endpoint="POST /b"),),
    )
