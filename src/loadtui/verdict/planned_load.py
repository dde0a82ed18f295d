"""Was the load of a run the one that its plan asks for?

Counted second by second over the measured part of each stage.  A run under another load measured
something else, however good its figures are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from loadtui.plurals import counted
from loadtui.store.manifest import Manifest, StageSpan
from loadtui.verdict.validity import RunSecond

NOT_THE_PLANNED_LOAD = "the load was not the planned one"
OFF_BY_MAX = 0.05
"""Share of the planned users that may be missing, or too many, in a second."""
OFF_SECONDS_MAX = 0.10
"""Share of the measured seconds of a stage in which they may be off by more; one always may."""
LONGER_S = 2.0
"""What a run may be longer or shorter than planned, or `OFF_BY_MAX` of its length."""


def unlike_the_plan(manifest: Manifest, seconds: Sequence[RunSecond]) -> list[str]:
    """In words where the load of a measured run was not the planned one.

    Users who left by themselves are not missing: what their code does belongs to the plan.  Stages
    that a person steered, and load shapes, have no plan to be compared with.
    """
    if manifest.provenance.kind != "measured":
        return []
    users = {row.second: row.users for row in seconds if row.users is not None}
    spans, left = manifest.stages, manifest.totals.users_left
    users_off = (_users_off(span, users, left) for span in spans if not span.steered)
    what = [*filter(None, users_off), *_length_off(manifest, spans)]
    return [f"{NOT_THE_PLANNED_LOAD}: {said}" for said in what]


def _users_off(span: StageSpan, users: Mapping[int, int], left: int) -> str:
    planned = span.users if isinstance(span.users, int) else sum(span.users.values())
    if not planned:
        return ""
    seconds = [at for at in range(span.measured_from, span.measured_to) if at in users]
    most, least = planned * (1 + OFF_BY_MAX), planned * (1 - OFF_BY_MAX) - left
    off = [users[at] for at in seconds if not least <= users[at] <= most]
    if len(off) <= max(OFF_SECONDS_MAX * len(seconds), 1):
        return ""
    ran = counted(round(median(off)), "user")
    return (
        f"{ran} instead of {planned} in {len(off)} of {len(seconds)} measured seconds of "
        f"stage {span.name}"
    )


def _length_off(manifest: Manifest, spans: Sequence[StageSpan]) -> Iterator[str]:
    """The lengths of all stages but the last follow from the plan: each begins when it is due."""
    lengths = [span.planned_s for span in spans if span.planned_s]
    if len(lengths) < len(spans) or not spans or any(span.steered for span in spans):
        return
    planned, ran = sum(lengths), spans[-1].end
    allowed = max(LONGER_S, OFF_BY_MAX * planned)
    done = manifest.state == "finished" and not (manifest.ended_by or manifest.gave_up)
    if ran > planned + allowed or (done and ran < planned - allowed):
        yield f"it lasted {ran} s instead of {planned:g} s"
