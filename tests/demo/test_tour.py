"""The demo's plan is the gateway plan with less time, enough of it to be judged."""

from __future__ import annotations

import heapq
import random
from pathlib import Path

import pytest

import loadtui
from loadtui.demo import tour
from loadtui.demo.queueing import ServiceTimes
from loadtui.errors import UsageError
from loadtui.plan.resolve import scaled
from loadtui.plan.toml import load_plan
from loadtui.store.journal import StageBegan
from loadtui.store.stage_spans import stage_spans

URL = "http://127.0.0.1:4321"


OVERHEAD_S = 0.002
"""On top of the model, for two processes and the way between them."""


def _simulated(users: int, seconds: float) -> dict[str, list[float]]:
    """Latencies in seconds that the demo's plan meets at the target's model, by kind of request.

    A closed network: each user thinks, then asks for one thing and waits for it; chats go through
    the slots in order of arrival.  Light requests find a free slot, there are enough of them.
    """
    low, high = map(float, tour.THINK.split("-"))
    times, draw = ServiceTimes(1), random.Random(2)
    free = [0.0] * tour.SLOTS
    asking = [draw.uniform(low, high) for _ in range(users)]
    heapq.heapify(asking)
    latencies: dict[str, list[float]] = {"chat": [], "models": [], "health": []}
    while asking[0] < seconds:
        now = heapq.heappop(asking)
        (kind,) = draw.choices(["chat", "models", "health"], [70, 20, 10])
        if kind == "chat":
            end = max(now, heapq.heappop(free))
            end += times.completion().total_s(sum(until > now for until in free) + 1)
            heapq.heappush(free, end)
        else:
            end = now + times.light()
        end += OVERHEAD_S
        latencies[kind].append(end - now)
        heapq.heappush(asking, end + draw.uniform(low, high))
    return latencies


def _p95(latencies: list[float]) -> float:
    return sorted(latencies)[int(0.95 * len(latencies))]


def test_only_host_think_time_and_scale_differ() -> None:
    plan = tour.demo_plan(URL)
    gateway = load_plan(tour.scenario_folder() / "gateway.toml")
    assert plan.host == URL
    assert plan.args["think"] == tour.THINK
    assert plan.stages == scaled(gateway, plan.time_scale).stages
    assert [stage.users for stage in plan.stages] == [10, 50, 100]
    assert (plan.thresholds, plan.tolerances) == (gateway.thresholds, gateway.tolerances)
    assert plan.name == gateway.name
    assert Path(plan.locustfiles[0]).is_file()


def test_it_takes_about_a_minute() -> None:
    plan = tour.demo_plan(URL)
    assert 55 <= sum(stage.duration_s for stage in plan.stages) <= 80


def test_every_stage_measures_at_least_20_s() -> None:
    users, start, began = 0, 0, []
    for stage in tour.demo_plan(URL).stages:
        ramp = abs(stage.total_users - users) / stage.spawn_rate
        began.append(
            StageBegan(stage.name, start, stage.users, stage.spawn_rate, ramp, stage.duration_s)
        )
        users, start = stage.total_users, start + int(stage.duration_s)
    for span in stage_spans(began, start):
        assert span.measured_to - span.measured_from >= 20


def test_the_target_suits_the_plan() -> None:
    """In each stage: enough requests of the rarest endpoint, not too many for a small machine, and
    a latency that rises with the users, well below the plan's 2 s."""
    before = 0.0
    for stage in tour.demo_plan(URL).stages:
        latencies = _simulated(stage.total_users, 20)
        assert min(map(len, latencies.values())) >= 700
        assert sum(map(len, latencies.values())) <= 10_000
        p95 = _p95(latencies["chat"])
        assert 1.5 * before < p95 < 1
        before = p95


def test_a_checkout_and_a_wheel_both_have_their_scenarios(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "src" / "loadtui"
    package.mkdir(parents=True)
    monkeypatch.setattr(loadtui, "__file__", str(package / "__init__.py"))
    with pytest.raises(UsageError, match="scenario files are missing"):
        tour.scenario_folder()
    beside = tmp_path / "scenarios"
    beside.mkdir()
    (beside / "gateway.toml").touch()
    assert tour.scenario_folder() == beside
    inside = package / "_scenarios"
    inside.mkdir()
    (inside / "gateway.toml").touch()
    assert tour.scenario_folder() == inside
