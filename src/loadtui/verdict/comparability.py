"""What two sets of runs must share to be compared, and what else they differ in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from loadtui.plan.load_differences import load_differences
from loadtui.plan.model import Users
from loadtui.verdict.run_summary import total_users
from loadtui.verdict.sides import ComparedRun, SideRuns, StageFacts

ANOTHER_LOAD = "it is another load"
_MACHINE = ("host", "cpu", "cores")
_VERSIONS = ("loadtui", "locust", "gevent", "geventhttpclient", "requests", "python")


class Incomparable(NamedTuple):
    """A stage in which nothing can be compared."""

    why: str
    missing: bool = False
    """True: the load is the same, and yet the run has not what the base has."""


def not_compared(base: SideRuns, current: SideRuns, *, any_load: bool) -> list[str]:
    """Why nothing at all can be compared, sentences that are said once; empty when something can.

    With `any_load` another load is no reason.
    """
    if everywhere := _everywhere(base, current, any_load):
        return everywhere
    stages = {
        stage: _stage(base, current, stage, any_load)
        for stage in stage_order(base, current)
        if _facts(base, stage)
    }
    if not stages or not all(stages.values()):
        return []
    return [f"stage {stage}: {barred.why}" for stage, barred in stages.items() if barred]


def incomparable(base: SideRuns, current: SideRuns, *, any_load: bool) -> dict[str, Incomparable]:
    """Stage -> why nothing in it can be compared; other stages are not in it.

    A stage that only the current runs have is new, and not in it either.
    """
    stages = stage_order(base, current)
    if everywhere := _everywhere(base, current, any_load):
        return {stage: Incomparable(everywhere[0]) for stage in stages}
    found = {stage: _stage(base, current, stage, any_load) for stage in stages}
    return {stage: barred for stage, barred in found.items() if barred is not None}


def same_load(base: SideRuns, current: SideRuns) -> bool:
    return len({run.fingerprint for run in (*base.runs, *current.runs)}) == 1


def stage_order(base: SideRuns, current: SideRuns) -> list[str]:
    """All stages: those of the current runs as they were run, then those only the base has."""
    runs = (*current.runs, *base.runs)
    return list(dict.fromkeys(stage for run in runs for stage in run.stages))


def differences(base: SideRuns, current: SideRuns, *, any_load: bool = False) -> list[str]:
    """What is no reason against comparing and may yet explain a change, a sentence each; with
    `any_load` the load as well."""
    loads = []
    if any_load and not same_load(base, current):
        loads = _parts_that_differ(base, current) or [_unknown_parts(base, current)]
    sides = [[_circumstances(run) for run in side.runs] for side in (base, current)]
    names = dict.fromkeys(name for side in sides for run in side for name in run)
    sentences = [*loads, *(_differs(name, *sides) for name in names)]
    for stage in stage_order(base, current):
        facts = [_facts(side, stage) for side in (base, current)]
        if any_load and all(facts) and (users := _users_differ(*facts)):
            sentences.append(f"stage {stage}: {users}")
        lengths = [
            {one.seconds for one in side if one.seconds or not one.figures_only} for side in facts
        ]
        if all(lengths) and lengths[0] != lengths[1]:
            its, now = (_enumerated(f"{seconds} s" for seconds in sorted(one)) for one in lengths)
            sentences.append(f"measured part of stage {stage}: {now}, in the base {its}")
    return [one for one in sentences if one]


def _everywhere(base: SideRuns, current: SideRuns, any_load: bool) -> list[str]:
    """Why the two sides cannot be compared in any stage, the first sentence by itself enough."""
    if base.side.provenance != current.side.provenance:
        return [
            f"{base.side.provenance} and {current.side.provenance} numbers are never compared "
            f"with each other"
        ]
    if len(current.side.provenance.split()) > 1:
        return [f"the runs are {current.side.provenance}"]
    if any_load or same_load(base, current):
        return []
    parts = _parts_that_differ(base, current)
    return (
        [f"{ANOTHER_LOAD}, so nothing is compared", *parts]
        if parts
        else [f"{ANOTHER_LOAD}: {_unknown_parts(base, current)}"]
    )


def _parts_that_differ(base: SideRuns, current: SideRuns) -> list[str]:
    """In what the loads differ; empty where they do not, or where that is not known."""
    before = base.runs[0]
    others = {run.fingerprint: run for run in (*base.runs, *current.runs)}
    sentences: list[str] = []
    for run in others.values():
        if run.fingerprint == before.fingerprint:
            continue
        if before.fingerprint_parts is not None and run.fingerprint_parts is not None:
            files = run.manifest.plan.locustfiles if run.manifest is not None else ()
            sentences += load_differences(before.fingerprint_parts, run.fingerprint_parts, files)
    return list(dict.fromkeys(sentences))


def _unknown_parts(base: SideRuns, current: SideRuns) -> str:
    prints = sorted({run.fingerprint for run in (*base.runs, *current.runs)})
    return (
        "locustfile, user classes, stages, time scale or arguments differ "
        f"(fingerprints {_enumerated(prints)})"
    )


def _stage(base: SideRuns, current: SideRuns, stage: str, any_load: bool) -> Incomparable | None:
    before, now = _facts(base, stage), _facts(current, stage)
    if steered := _steered([*before, *now]):
        return Incomparable(steered)
    if not before:
        return None
    missing = same_load(base, current)
    if not now:
        return Incomparable("the run has no such stage", missing)
    if not any_load and (users := _users_differ(before, now)):
        return Incomparable(users)
    measured = [
        any(facts.seconds or facts.figures_only for facts in side) for side in (before, now)
    ]
    if measured == [True, False]:
        return Incomparable("no second of it was measured in the run", missing)
    return None


def _users_differ(base: list[StageFacts], current: list[StageFacts]) -> str:
    users = (
        {total_users(facts.users) for facts in base},
        {total_users(facts.users) for facts in current},
    )
    if len(users[0] | users[1]) > 1:
        its, now = (_enumerated(str(one) for one in sorted(side)) for side in users)
        return f"users differ: {now}, in the base {its}"
    if len({_shared(facts.users) for facts in (*base, *current)}) > 1:
        return "users differ: they are shared out to other classes"
    return ""


def _steered(facts: Iterable[StageFacts]) -> str:
    return "users were changed by hand in it" if any(stage.steered for stage in facts) else ""


def _facts(side: SideRuns, stage: str) -> list[StageFacts]:
    return [run.stages[stage] for run in side.runs if stage in run.stages]


def _shared(users: Users) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(users.items())) if isinstance(users, dict) else ()


def _circumstances(run: ComparedRun) -> dict[str, str]:
    """What is known of where and with what a run was made, by name."""
    facts = {
        "target": run.target,
        **{name: run.machine.get(name) for name in _MACHINE},
        "workers": run.workers or None,
        **{f"{name} version": run.versions.get(name) for name in _VERSIONS},
    }
    return {name: str(fact) for name, fact in facts.items() if fact not in (None, "")}


def _differs(name: str, base: list[dict[str, str]], current: list[dict[str, str]]) -> str:
    """A sentence when a fact, where it is known, is not the same on both sides."""
    its, now = (sorted({run[name] for run in side if name in run}) for side in (base, current))
    if not its or not now or its == now:
        return ""
    return f"{name}: {_enumerated(now)}, in the base {_enumerated(its)}"


def _enumerated(words: Iterable[str]) -> str:
    return " and ".join(words)
