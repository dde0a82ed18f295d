"""A plan for a locustfile: stages, thresholds and tolerances to begin with."""

from __future__ import annotations

import json
from typing import NamedTuple

from loadtui.plan.units import format_duration

_SHORTEST_STAGE_S = 5


class NewLoad(NamedTuple):
    """How much load the plan is to put on the service."""

    users: int
    duration_s: int


class _NewStage(NamedTuple):
    name: str
    users: int
    duration_s: int


def plan_text(locustfile: str, host: str, load: NewLoad) -> str:
    """The text of a plan file.  Without a host that of the locustfile's classes holds."""
    lines = [
        "# Made by `loadtui init`, yours to change: docs/plan.md says what else there is.",
        f"locustfile = {_quoted(locustfile)}",
    ]
    if host:
        lines.append(f"host = {_quoted(host)}")
    for stage in _stages(load):
        rate = max(1, -(-stage.users // 10))
        lines += [
            "",
            "[[stage]]",
            f"name = {_quoted(stage.name)}",
            f"users = {stage.users}",
            f"spawn_rate = {rate} # users started per second",
            f"duration = {_quoted(format_duration(stage.duration_s))}",
        ]
    lines += [
        "",
        "# What every run has to meet.",
        "[[threshold]]",
        'check = "error_rate < 1%"',
        "",
        "[[threshold]]",
        'check = "p95 < 2s"',
        "",
        "# How far a run may be from the baseline, once there is one.",
        "[[tolerance]]",
        'metric = "p95"',
        'warn = "+25%"',
        'fail = "+50%"',
        "",
        "[[tolerance]]",
        'metric = "error_rate"',
        'fail = "+0.5pp"',
    ]
    return "\n".join(lines) + "\n"


def _stages(load: NewLoad) -> list[_NewStage]:
    """Half of the users and then all, or one stage where that cannot be parted."""
    if load.users < 2 or load.duration_s < 2 * _SHORTEST_STAGE_S:
        return [_NewStage("all", load.users, load.duration_s)]
    first = load.duration_s // 2
    return [
        _NewStage("half", load.users // 2, first),
        _NewStage("all", load.users, load.duration_s - first),
    ]


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's, which also escapes as TOML does."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
