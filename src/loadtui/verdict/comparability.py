"""What two sets of runs must share to be compared, and what else they differ in."""

from __future__ import annotations

from collections.abc import Iterable

from loadtui.plan.model import Users
from loadtui.verdict.run_summary import total_users
from loadtui.verdict.sides import ComparedRun, SideRuns, StageFacts

_MACHINE = ("host", "cpu", "cores")
_VERSIONS = ("loadtui", "locust", "gevent", "geventhttpclient", "requests", "python")


def incomparable(base: SideRuns, current: SideRuns, *, any_fingerprint: bool) -> dict[str, str]:
    """Stage -> why nothing in it can be compared; other stages are not in it.

    A stage that only the current runs have is new, and not in it either.
    """
    everywhere = _whole(base, current, any_fingerprint)
    reasons = {}
    for stage in stage_order(base, current):
        sides = [_facts(side, stage) for side in (base, current)]
        why = everywhere or (_stage(*sides) if sides[0] else _steered(sides[1]))
        if why:
            reasons[stage] = why
    return reasons


def stage_order(base: SideRuns, current: SideRuns) -> list[str]:
    """All stages: those of the current runs as they were run, then those only the base has."""
    runs = (*current.runs, *base.runs)
    return list(dict.fromkeys(stage for run in runs for stage in run.stages))


def differences(base: SideRuns, current: SideRuns) -> list[str]:
    """What is no reason against comparing and may yet explain a change, a sentence each."""
    sides = [[_circumstances(run) for run in side.runs] for side in (base, current)]
    names = dict.fromkeys(name for side in sides for run in side for name in run)
    sentences = [_differs(name, *sides) for name in names]
    for stage in stage_order(base, current):
        lengths = [
            {
                facts.seconds
                for facts in _facts(side, stage)
                if facts.seconds or not facts.figures_only
            }
            for side in (base, current)
        ]
        if all(lengths) and lengths[0] != lengths[1]:
            its, now = (_enumerated(f"{seconds} s" for seconds in sorted(one)) for one in lengths)
            sentences.append(f"measured part of stage {stage}: {now}, in the base {its}")
    return [one for one in sentences if one]


def _whole(base: SideRuns, current: SideRuns, any_fingerprint: bool) -> str:
    if base.side.provenance != current.side.provenance:
        return (
            f"{base.side.provenance} and {current.side.provenance} numbers are never compared "
            f"with each other"
        )
    if len(current.side.provenance.split()) > 1:
        return f"the runs are {current.side.provenance}"
    prints = {run.fingerprint for run in (*base.runs, *current.runs)}
    if len(prints) > 1 and not any_fingerprint:
        return (
            "it is another load: locustfile, user classes, stages, time scale or arguments differ "
            f"(fingerprints {_enumerated(sorted(prints))})"
        )
    return ""


def _stage(base: list[StageFacts], current: list[StageFacts]) -> str:
    if not current:
        return "the run has no such stage"
    if steered := _steered([*base, *current]):
        return steered
    users = (
        {total_users(facts.users) for facts in base},
        {total_users(facts.users) for facts in current},
    )
    if len(users[0] | users[1]) > 1:
        its, now = (_enumerated(str(one) for one in sorted(side)) for side in users)
        return f"users differ: {now}, in the base {its}"
    if len({_shared(facts.users) for facts in (*base, *current)}) > 1:
        return "users differ: they are shared out to other classes"
    measured = [
        any(facts.seconds or facts.figures_only for facts in side) for side in (base, current)
    ]
    if measured == [True, False]:
        return "no second of it was measured in the run"
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
