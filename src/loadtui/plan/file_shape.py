"""The keys of a plan file as they are written: what the reader takes, and what the schema tells.

Patterns and bounds here are for the schema alone; the reader has its own words for what breaks
them.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from loadtui.plan.model import GIVE_UP_S, MOST_USERS, Undecided, Users
from loadtui.plan.threshold_check import CHECK_PATTERN
from loadtui.plan.units import CHANGE_PATTERN, DURATION_PATTERN

Duration = str | int | float

NEVER = "never"
"""In place of a duration."""


def _told(description: str, **schema: Any) -> msgspec.Meta:
    """For the schema; `alternatives` and `each` say more of a union, or of a list's items, than its
    type does, and stand in place of that."""
    return msgspec.Meta(description=description, extra_json_schema=schema)


_SECONDS = {"type": "number", "minimum": 0}
_WRITTEN = {"type": "string", "pattern": DURATION_PATTERN}
_NAME = r"^(?!\s*$)[^./][^/]*$"
_PATH = {"type": "string", "minLength": 1}
_CHANGE = {"pattern": CHANGE_PATTERN}
_COUNT = {"type": "integer", "minimum": 0, "maximum": MOST_USERS}


class StageTable(msgspec.Struct):
    """A stretch of the run with a fixed number of users to reach and hold."""

    users: Annotated[
        Users,
        _told(
            "How many users: in total, shared out by weight, or for each user class.",
            alternatives=[
                {**_COUNT, "minimum": 1},
                {"type": "object", "minProperties": 1, "additionalProperties": _COUNT},
            ],
        ),
    ]
    spawn_rate: Annotated[float, _told("Users started, or stopped, a second.", exclusiveMinimum=0)]
    duration: Annotated[
        Duration,
        _told(
            "Length in whole seconds, ramp included: 90s, 5m, 1h30m, or a number of seconds.",
            alternatives=[_WRITTEN, {"type": "number", "multipleOf": 1, "minimum": 1}],
        ),
    ]
    name: Annotated[str | None, _told("Default S1, S2 and so on; no two alike.", pattern=r"\S")] = (
        None
    )


class ThresholdTable(msgspec.Struct):
    """A promise about the run itself."""

    check: Annotated[str, _told("Statistic, operator, value: p95 < 2s.", pattern=CHECK_PATTERN)]
    stage: Annotated[str | None, _told("Name or pattern of stages; default: every one.")] = None
    endpoint: Annotated[
        str | None,
        _told("Pattern over method and name, as POST /v1/*; default: the total of all requests."),
    ] = None
    abort: Annotated[bool, _told("Stop the run once it is certain to fail.")] = False


class ToleranceTable(msgspec.Struct):
    """How far a metric may move against the baseline."""

    metric: Annotated[str, _told("As in a check: p95, rps, ttft.p75.", pattern=r"\S")]
    warn: Annotated[str | None, _told("A change: +25%, -30%, or +0.5pp of shares.", **_CHANGE)] = (
        None
    )
    fail: Annotated[str | None, _told("A change: +50%, -30%, or +0.5pp of shares.", **_CHANGE)] = (
        None
    )
    endpoint: Annotated[str | None, _told("Pattern over method and name; default: each.")] = None
    stage: Annotated[str | None, _told("Name or pattern of stages; default: every one.")] = None
    undecided: Annotated[
        Undecided, _told("What a metric does to the run that cannot be decided.")
    ] = "warn"


class PlanFile(msgspec.Struct):
    """What to run, against what, with how many users, and what the result must keep to."""

    name: Annotated[
        str | None, _told("Of the plan's runs and baseline; default: the file's.", pattern=_NAME)
    ] = None
    locustfile: Annotated[
        str | list[str] | None,
        _told(
            "Path of the locustfile, of a folder of them, or a list; relative to the plan.",
            alternatives=[_PATH, {"type": "array", "items": _PATH, "minItems": 1}],
        ),
    ] = None
    locustfiles: Annotated[
        list[str] | None, _told("A list, instead of locustfile.", minItems=1, each=_PATH)
    ] = None
    user_classes: Annotated[
        list[str], _told("Names of the classes to run; default: all.", uniqueItems=True)
    ] = []
    host: Annotated[str | None, _told("Base URL for all classes.")] = None
    hosts: Annotated[dict[str, str], _told("Base URL by class.")] = {}
    tags: Annotated[list[str], _told("Run only tasks with these tags.")] = []
    exclude_tags: Annotated[list[str], _told("Leave out tasks with these tags.")] = []
    args: Annotated[
        dict[str, str | int | float | bool],
        _told("The locustfile's own arguments, without dashes; ${NAME} is of the environment."),
    ] = {}
    stop_timeout: Annotated[
        Duration | None,
        _told(
            "How long users may take to finish their task at the end.",
            alternatives=[_WRITTEN, _SECONDS],
        ),
    ] = None
    give_up: Annotated[
        Duration,
        _told(
            "After how long a run ends whose every request failed to connect.",
            alternatives=[_WRITTEN, _SECONDS, {"const": NEVER}],
        ),
    ] = GIVE_UP_S
    allow_exceptions: Annotated[
        bool, _told("Exceptions that user code raises do not fail the run.")
    ] = False
    stage: Annotated[list[StageTable], _told("One after the other.")] = []
    threshold: Annotated[list[ThresholdTable], _told("What the run itself must meet.")] = []
    tolerance: Annotated[list[ToleranceTable], _told("Against the baseline.")] = []


PLAN_TABLES: dict[str, type[msgspec.Struct]] = {
    "stage": StageTable,
    "threshold": ThresholdTable,
    "tolerance": ToleranceTable,
}
