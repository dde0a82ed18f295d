"""The stages of a run as they were really run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from loadtui.plan.model import Plan
from loadtui.store.journal import StageBegan
from loadtui.store.manifest import StageSpan

SETTLE_MAX_S = 10.0
SETTLE_SHARE = 10
"""After the ramp, min(10 s, a tenth of the stage) is not measured."""

_FLOAT_SLACK = 1e-9
"""Keeps a ramp of 3.0000000000000004 s at 3 s."""


class UnrunStage(NamedTuple):
    """A stage of the plan that was not run in full."""

    name: str
    planned_s: float
    ran_s: int | None
    """None: it was never reached."""

    @property
    def sentence(self) -> str:
        if self.ran_s is None:
            return f"stage {self.name} was never reached"
        return f"stage {self.name} ended after {self.ran_s} s of {self.planned_s:g} s"


def unrun_stages(plan: Plan, spans: Sequence[StageSpan]) -> list[UnrunStage]:
    """The stages that a run did not run in full; its spans are those of the first ones.

    A plan without stages of its own has none: how long it runs is for the locustfile to say.
    """
    if not plan.stages:
        return []
    begun = plan.stages[: len(spans)]
    unrun = []
    if begun and spans[len(begun) - 1].end < round(sum(stage.duration_s for stage in begun)):
        last = spans[len(begun) - 1]
        unrun.append(UnrunStage(last.name, begun[-1].duration_s, last.end - last.start))
    further = plan.stages[len(spans) :]
    return [*unrun, *(UnrunStage(stage.name, stage.duration_s, None) for stage in further)]


def measured_from(began: StageBegan, length_s: float) -> int:
    """First second of a stage's measured part, for a stage of this length."""
    settle = min(SETTLE_MAX_S, length_s / SETTLE_SHARE)
    return began.start + _whole(began.ramp_s) + _whole(settle)


def stage_spans(began: Sequence[StageBegan], end_second: int) -> list[StageSpan]:
    """Spans of stages in the order they began; the last ends at `end_second` (exclusive).

    The settling time is a tenth of the planned length, of the actual one for an open-ended stage,
    so that a run stopped early measures from the same second on.
    """
    spans = []
    ends = [*(stage.start for stage in began[1:]), end_second]
    for stage, next_start in zip(began, ends, strict=False):
        end = max(next_start, stage.start)
        length = stage.planned_s if stage.planned_s is not None else float(end - stage.start)
        spans.append(
            StageSpan(
                name=stage.name,
                start=stage.start,
                end=end,
                users=stage.users,
                spawn_rate=stage.spawn_rate,
                measured_from=min(max(measured_from(stage, length), stage.start), end),
                measured_to=end,
                planned_s=stage.planned_s,
            )
        )
    return spans


def _whole(seconds: float) -> int:
    return math.ceil(seconds - _FLOAT_SLACK)
