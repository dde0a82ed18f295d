"""Bring plan, command-line flags and time scale together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import msgspec

from loadtui.errors import UsageError
from loadtui.plan.model import MOST_USERS, Flags, Plan, Stage


def with_flags(plan: Plan, flags: Flags) -> Plan:
    """The plan under the given flags: a host replaces the plan's, also those of its classes.

    Users, spawn rate and run time stay in the flags, as they mean the same as in Locust.  Raises
    UsageError for values that make no sense and for -u, -r or -t over a plan with stages.
    """
    load_flags = [
        (name, value)
        for name, value in (
            ("-u", flags.users),
            ("-r", flags.spawn_rate),
            ("-t", flags.run_time_s),
        )
        if value is not None
    ]
    if plan.stages and load_flags:
        where = Path(plan.source).name if plan.source else plan.name
        raise UsageError(
            f"{load_flags[0][0]} does not go with the stages of {where}: "
            "leave it out, or change the stages in the plan"
        )
    for name, value in load_flags:
        if not 0 < value < math.inf:
            raise UsageError(f"{name}: found {value:g}, expected more than 0")
    if flags.users is not None and flags.users > MOST_USERS:
        raise UsageError(f"-u: found {flags.users}, expected at most {MOST_USERS}")
    if flags.run_time_s is not None and flags.run_time_s != round(flags.run_time_s):
        raise UsageError(f"-t: found {flags.run_time_s:g} s, expected whole seconds")
    if flags.host is None:
        return plan
    return msgspec.structs.replace(plan, host=flags.host, hosts={})


def with_class_hosts(plan: Plan, hosts: Mapping[str, str | None]) -> Plan:
    """The plan with what only its locustfile and Locust's options knew: the user classes that run,
    and the base URL of each, None where a class has none."""
    urls = set(hosts.values())
    host = urls.pop() if len(urls) == 1 else None
    differing = {} if host else {name: url for name, url in hosts.items() if url}
    return msgspec.structs.replace(plan, user_classes=tuple(hosts), host=host, hosts=differing)


def scaled(plan: Plan, factor: float) -> Plan:
    """The plan with every stage `factor` times as long, at least 1 s and in whole seconds, and
    with spawn rates that let a ramp keep its share of the stage.

    `plan` is as it was written, whatever its `time_scale`; the result records `factor`.  Raises
    UsageError for a factor that is not a finite number above 0.
    """
    if not 0 < factor < math.inf:
        raise UsageError(f"--time-scale: found {factor:g}, expected a number above 0 such as 0.05")
    if factor == 1:
        return msgspec.structs.replace(plan, time_scale=1.0)
    stages = tuple(_scaled_stage(stage, factor) for stage in plan.stages)
    return msgspec.structs.replace(plan, stages=stages, time_scale=factor)


def scaled_flags(flags: Flags, factor: float) -> Flags:
    """Run time and spawn rate of a run without stages, scaled like the stages of a plan."""
    run_time, rate = flags.run_time_s, flags.spawn_rate
    return msgspec.structs.replace(
        flags,
        run_time_s=None if run_time is None else _whole(run_time * factor),
        spawn_rate=None if rate is None else rate / factor,
    )


def _scaled_stage(stage: Stage, factor: float) -> Stage:
    duration = _whole(stage.duration_s * factor)
    # By what the stage really became, so that rounding does not change the ramp's share.
    rate = stage.spawn_rate * stage.duration_s / duration
    return msgspec.structs.replace(stage, duration_s=duration, spawn_rate=rate)


def _whole(seconds: float) -> float:
    return float(max(1, math.floor(seconds + 0.5)))
