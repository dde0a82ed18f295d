"""The demo's plan is the gateway plan with less time, enough of it to be judged."""

from __future__ import annotations

from pathlib import Path

import pytest

import loadtui
from loadtui.demo import tour
from loadtui.demo.queueing import ServiceTimes
from loadtui.errors import UsageError
from loadtui.plan.resolve import scaled
from loadtui.plan.toml import load_plan
from loadtui.store.journal import StageBegan
from loadtui.store.stages import stage_spans

URL = "http://127.0.0.1:4321"


def _cycle_s(think: str) -> float:
    """Mean seconds from one request to the next of a user who never queues, by the target's model:
    70 % chats of 16 ms, 30 % others of 3 ms and the think time."""
    low, high = map(float, think.split("-"))
    times = ServiceTimes(1)
    chat = sum(times.chat().total_s for _ in range(2_000)) / 2_000
    light = sum(times.light() for _ in range(2_000)) / 2_000
    return (low + high) / 2 + 0.7 * chat + 0.3 * light


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


def test_every_stage_measures_at_least_20_s_and_600_requests_of_the_rarest_endpoint() -> None:
    plan = tour.demo_plan(URL)
    users, start, began = 0, 0, []
    for stage in plan.stages:
        ramp = abs(stage.total_users - users) / stage.spawn_rate
        began.append(
            StageBegan(stage.name, start, stage.users, stage.spawn_rate, ramp, stage.duration_s)
        )
        users, start = stage.total_users, start + int(stage.duration_s)
    least_users = min(stage.total_users for stage in plan.stages)
    # A few milliseconds on top of the model, for two processes and the way between them.
    rate = 0.1 * least_users / (_cycle_s(tour.THINK) + 0.003)
    for span in stage_spans(began, start):
        assert span.measured_to - span.measured_from >= 20
        assert rate * (span.measured_to - span.measured_from) >= 700


def test_the_slots_keep_the_load_light_enough_for_a_small_machine() -> None:
    """However many users, chats leave at the pace of the slots; they are 70 % of the requests."""
    times = ServiceTimes(1)
    mean = sum(times.chat().total_s for _ in range(5_000)) / 5_000
    assert times.CHAT_SLOTS / mean / 0.7 < 800


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
