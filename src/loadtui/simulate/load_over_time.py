"""The course of a simulated run: how many users, requests and failures to expect each second."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple

from loadtui.plan.model import Plan, Users
from loadtui.simulate.profile import BurstProfile, LoadProfile, Profile, StallProfile
from loadtui.store.journal import StageBegan


class RunEffect(NamedTuple):
    """What sets this run of an endpoint apart from others, in log points."""

    latency: float
    load: float
    errors: float


class LoadOverTime(NamedTuple):
    """A run, second by second; the lists that have no other note hold one entry a second."""

    stages: list[StageBegan]
    users: list[int]
    load: list[float]
    """Log points that the load is above its mean."""
    burst: list[float]
    """Share of requests that fail on top of each endpoint's own error rate."""
    stalls: list[tuple[float, float]]
    """(start, end) of each stall in seconds, ascending and apart from each other."""
    effects: list[RunEffect]
    """One for each endpoint."""

    @property
    def seconds(self) -> int:
        return len(self.users)


def draw_load(plan: Plan, profile: Profile, rng: Random) -> LoadOverTime:
    """Draw the course of a run of a plan with stages."""
    stages, users = _stages(plan)
    length = len(users)
    return LoadOverTime(
        stages=stages,
        users=users,
        load=_load(profile.load, length, rng),
        burst=_bursts(profile.bursts, length, rng),
        stalls=_stalls(profile.stalls, length, rng),
        effects=[
            RunEffect(*(rng.gauss(0.0, profile.run_to_run) for _ in RunEffect._fields))
            for _ in profile.endpoints
        ],
    )


def expected_requests(plan: Plan, profile: Profile) -> float:
    """How many requests these users send in all when nobody says how many."""
    return sum(_stages(plan)[1]) * profile.requests_per_user_s


def _stages(plan: Plan) -> tuple[list[StageBegan], list[int]]:
    """The stages as they begin, and the users at the end of every second."""
    began: list[StageBegan] = []
    users: list[int] = []
    before: Users = 0
    for stage in plan.stages:
        step = max(1, math.floor(stage.spawn_rate))
        pause = step / stage.spawn_rate
        have, changed = _total(before), _changed(before, stage.users)
        ramp = max(math.ceil(changed / step) - 1, 0) * pause
        began.append(
            StageBegan(
                stage.name, len(users), stage.users, stage.spawn_rate, ramp, stage.duration_s
            )
        )
        for second in range(round(stage.duration_s)):
            moved = min(changed, step * (1 + math.floor((second + 1) / pause)))
            share = moved / changed if changed else 1.0
            users.append(round(have + (stage.total_users - have) * share))
        before = stage.users
    return began, users


def _total(users: Users) -> int:
    return users if isinstance(users, int) else sum(users.values())


def _changed(before: Users, after: Users) -> int:
    """How many users have to be started or stopped."""
    if isinstance(before, int) or isinstance(after, int):
        return abs(_total(after) - _total(before))
    return sum(abs(after.get(n, 0) - before.get(n, 0)) for n in {*before, *after})


def _load(load: LoadProfile, length: int, rng: Random) -> list[float]:
    fresh = load.sd * math.sqrt(1.0 - load.memory**2)
    steps: Sequence[float] = [rng.gauss(0.0, fresh) for _ in range(max(length - 1, 0))]
    first = rng.gauss(0.0, load.sd)
    return [*accumulate(steps, lambda now, step: load.memory * now + step, initial=first)][:length]


def _stalls(stalls: StallProfile, length: int, rng: Random) -> list[tuple[float, float]]:
    if not stalls.every_s or not stalls.mean_ms:
        return []
    found = []
    at = rng.expovariate(1.0 / stalls.every_s)
    while at < length:
        end = at + rng.expovariate(1000.0 / stalls.mean_ms)
        found.append((at, end))
        at = end + rng.expovariate(1.0 / stalls.every_s)
    return found


def _bursts(bursts: BurstProfile, length: int, rng: Random) -> list[float]:
    """By whole seconds; one that a burst covers in part has that part of its failures."""
    shares = [0.0] * length
    if not bursts.every_s or not bursts.length_s:
        return shares
    at = rng.expovariate(1.0 / bursts.every_s)
    while at < length:
        end = at + bursts.length_s
        for second in range(int(at), min(math.ceil(end), length)):
            covered = min(end, second + 1) - max(at, second)
            shares[second] += covered * bursts.error_rate
        at = end + rng.expovariate(1.0 / bursts.every_s)
    return shares
