"""The demo's plan: the gateway scenario, shortened and quickened to fit the embedded target."""

from __future__ import annotations

from pathlib import Path

import msgspec

import loadtui
from loadtui.errors import UsageError
from loadtui.plan.model import Plan
from loadtui.plan.resolve import scaled
from loadtui.plan.toml import load_plan

STAGE_S = 24.0
"""Of which at least 20 s are measured, the least that a comparison accepts."""

THINK = "0.005-0.015"
"""The rarest endpoint, a tenth of the requests, needs 600 measured ones in the stage of 10 users.
Such a user thinks 10 ms and waits 16 ms on average, which makes about 380 requests a second, 760
of the rarest in 20 s."""

GATEWAY_SLOTS = 5
"""Of the gateway.  With 50 users and more they set the pace, at about 440 requests a second: little
enough for two cores, where a quicker pace would have worker and target wait for a CPU in turns and
the run come near to being invalid."""


def scenario_folder() -> Path:
    """Where the scenarios lie: inside an installed package, or beside `src` in a checkout."""
    package = Path(loadtui.__file__).resolve().parent
    for folder in (package / "_scenarios", package.parents[1] / "scenarios"):
        if (folder / "gateway.toml").is_file():
            return folder
    raise UsageError("the scenario files are missing from this installation, install loadtui again")


def demo_plan(url: str, *, think: str = THINK, stage_s: float | None = None) -> Plan:
    """The gateway plan against `url`, its time scale applied: same users and thresholds, less time.

    `think` is the scenario's think time, a range of seconds such as `2-5`; `stage_s` the length of
    its longest stage in seconds, by default STAGE_S; other stages and ramps keep their proportion.
    """
    plan = load_plan(scenario_folder() / "gateway.toml")
    longest = max(stage.duration_s for stage in plan.stages)
    quick = msgspec.structs.replace(plan, host=url, hosts={}, args={**plan.args, "think": think})
    return scaled(quick, (stage_s or STAGE_S) / longest)
