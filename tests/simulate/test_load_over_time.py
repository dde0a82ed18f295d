"""The course of a simulated run: users, load, stalls and bursts."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random
from statistics import fmean, pstdev

import msgspec
import pytest

from loadtui.plan.model import Plan, Stage
from loadtui.simulate.load_over_time import draw_load, expected_requests
from loadtui.simulate.profile import BurstProfile, LoadProfile, Profile, StallProfile

LONG = (Stage("L", 10, 10, 20_000),)


def test_users_climb_as_the_dispatcher_starts_them_and_stages_begin_on_their_second(
    plan: Plan, steady: Profile
) -> None:
    course = draw_load(plan, steady, Random(1))

    assert course.seconds == 100
    assert [(s.name, s.start, s.ramp_s, s.planned_s) for s in course.stages] == [
        ("L1", 0, 1.0, 40),
        ("L2", 40, 2.0, 60),
    ]
    assert course.users[:3] == [10, 10, 10]
    assert course.users[38:44] == [10, 10, 30, 40, 40, 40]
    assert expected_requests(plan, steady) == pytest.approx(
        sum(course.users) * steady.requests_per_user_s
    )


def test_users_may_fall_and_be_given_per_class(plan: Plan, steady: Profile) -> None:
    stages = (Stage("up", {"A": 4, "B": 2}, 2, 10), Stage("down", {"A": 1, "B": 3}, 0.5, 10))
    falling = msgspec.structs.replace(plan, stages=stages)

    course = draw_load(falling, steady, Random(1))

    assert course.users[:4] == [4, 6, 6, 6]
    assert course.users[9:12] == [6, 6, 5]
    assert course.users[-1] == 4
    # Four users change at one every two seconds, the first at once.
    assert course.stages[1].ramp_s == 6.0


def test_load_is_an_ar1_process(plan: Plan, steady: Profile) -> None:
    wandering = msgspec.structs.replace(steady, load=LoadProfile(sd=0.2, memory=0.7))
    load = draw_load(msgspec.structs.replace(plan, stages=LONG), wandering, Random(2)).load

    assert pstdev(load) == pytest.approx(0.2, rel=0.05)
    assert fmean(a * b for a, b in pairwise(load)) / 0.04 == pytest.approx(0.7, abs=0.05)
    assert fmean(a * b for a, b in zip(load, load[5:], strict=False)) / 0.04 == pytest.approx(
        0.7**5, abs=0.05
    )


def test_stalls_come_as_often_and_last_as_long_as_said(plan: Plan, steady: Profile) -> None:
    stalling = msgspec.structs.replace(steady, stalls=StallProfile(every_s=10, mean_ms=500))
    stalls = draw_load(msgspec.structs.replace(plan, stages=LONG), stalling, Random(3)).stalls

    assert len(stalls) == pytest.approx(20_000 / 10.5, rel=0.08)
    assert fmean(end - start for start, end in stalls) == pytest.approx(0.5, rel=0.08)
    assert all(end <= start for (_, end), (start, _) in pairwise(stalls))


def test_bursts_cover_their_share_of_time(plan: Plan, steady: Profile) -> None:
    bursting = msgspec.structs.replace(
        steady, bursts=BurstProfile(every_s=48, length_s=2, error_rate=0.5)
    )
    burst = draw_load(msgspec.structs.replace(plan, stages=LONG), bursting, Random(4)).burst

    assert fmean(burst) == pytest.approx(0.5 * 2 / 50, rel=0.15)
    assert max(burst) <= 0.5 + 1e-9
    assert sum(share > 0 for share in burst) > 2 * sum(share > 0.49 for share in burst) / 3


def test_runs_differ_by_the_run_to_run_deviation(plan: Plan, steady: Profile) -> None:
    differing = msgspec.structs.replace(steady, run_to_run=0.05)
    effects = [
        value
        for seed in range(300)
        for effect in draw_load(plan, differing, Random(seed)).effects
        for value in effect
    ]
    assert pstdev(effects) == pytest.approx(0.05, rel=0.08)
    assert math.isclose(fmean(effects), 0, abs_tol=0.005)
