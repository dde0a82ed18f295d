"""What a person changes of a plan before it is started, as typed, and the plan it makes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import msgspec

from loadtui.errors import UsageError
from loadtui.plan.model import Flags, Plan, Stage, Users
from loadtui.plan.resolve import scaled, scaled_flags, with_flags
from loadtui.plan.units import format_duration, parse_duration
from loadtui.whole_numbers import whole_number

_SHARE = re.compile(r"\s*([^\s=,]+)\s*=\s*([0-9]{1,18})\s*")


@dataclass(frozen=True)
class StageEdits:
    """A stage as it stands in a form."""

    name: str
    users: str
    spawn_rate: str
    duration: str


@dataclass(frozen=True)
class PlanEdits:
    """All fields of the form; what is empty stays as the plan, or Locust, has it."""

    host: str = ""
    stages: tuple[StageEdits, ...] = ()
    """As many as the plan has; none: nothing is changed in them."""
    users: str = ""
    spawn_rate: str = ""
    run_time: str = ""
    """Of a plan without stages."""
    time_scale: str = ""
    baseline: str = ""
    """Name of the baseline to be compared with, empty: none."""


def stage_edits(stage: Stage) -> StageEdits:
    users = stage.users
    if isinstance(users, dict):
        written = ", ".join(f"{name}={count}" for name, count in users.items())
    else:
        written = str(users)
    return StageEdits(
        stage.name, written, f"{stage.spawn_rate:g}", format_duration(stage.duration_s)
    )


def check_edits(changes: PlanEdits) -> PlanEdits:
    """The changes, once every field of them can be read; UsageError that names the one that
    cannot."""
    for text in changes.stages:
        _stage(Stage(text.name, 1, 1.0, 1.0), text)
    _flags(changes)
    _number("time scale", changes.time_scale)
    return changes


def edited_plan(plan: Plan, changes: PlanEdits) -> tuple[Plan, Flags]:
    """The plan with the changes, and the flags of one without stages.

    Raises UsageError that names the field for what makes no sense.
    """
    stages = plan.stages
    if changes.stages:
        stages = tuple(
            _stage(before, text) for before, text in zip(plan.stages, changes.stages, strict=True)
        )
    flags = _flags(changes)
    factor = _number("time scale", changes.time_scale)
    plan = with_flags(msgspec.structs.replace(plan, stages=stages), flags)
    if factor is None:
        return plan, flags
    return scaled(plan, factor), scaled_flags(flags, factor)


def typed_load(changes: PlanEdits) -> list[str]:
    """The load of a plan without stages, as options of `loadtui run`."""
    typed = (("-u", changes.users), ("-r", changes.spawn_rate), ("-t", changes.run_time))
    return [word for option, text in typed if text.strip() for word in (option, text.strip())]


def _flags(changes: PlanEdits) -> Flags:
    return Flags(
        host=changes.host.strip() or None,
        users=_whole("users", changes.users),
        spawn_rate=_number("spawn rate", changes.spawn_rate),
        run_time_s=_seconds("run time", changes.run_time),
    )


def _stage(before: Stage, text: StageEdits) -> Stage:
    if text == stage_edits(before):
        return before
    where = f"stage {before.name}"
    rate = _number(f"{where}, spawn rate", text.spawn_rate)
    length = _seconds(f"{where}, length", text.duration)
    if length is not None and (length < 1 or length != round(length)):
        raise UsageError(f'{where}, length: found "{text.duration}", expected whole seconds')
    return Stage(
        before.name,
        _users(where, text.users, before.users),
        before.spawn_rate if rate is None else rate,
        before.duration_s if length is None else length,
    )


def _users(where: str, text: str, before: Users) -> Users:
    if not text.strip():
        return before
    if (number := whole_number(text.strip())) is not None:
        if number < 1:
            raise UsageError(f"{where}, users: at least one user is needed")
        return number
    shares = [_SHARE.fullmatch(part) for part in text.split(",")]
    users = {share[1]: int(share[2]) for share in shares if share is not None}
    if None in shares or not sum(users.values()):
        raise UsageError(
            f'{where}, users: found "{text}", expected a number such as 50, or ClassName=8'
        )
    return users


def _whole(field: str, text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    number = whole_number(text)
    if not number:
        raise UsageError(f'{field}: found "{text}", expected a whole number above 0 such as 50')
    return number


def _number(field: str, text: str) -> float | None:
    text = text.strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise UsageError(f'{field}: found "{text}", expected a number above 0 such as 0.5')
    return number


def _seconds(field: str, text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return parse_duration(text)
    except ValueError as error:
        raise UsageError(f"{field}: {error}") from None
