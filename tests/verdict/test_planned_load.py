"""Whether the load of a run was the one that its plan asks for."""

from __future__ import annotations

from typing import Any

import pytest

from loadtui.plan.model import Plan
from loadtui.store.manifest import RUN_FORMAT, Manifest, Provenance, StageSpan, Totals
from loadtui.verdict.planned_load import unlike_the_plan
from loadtui.verdict.validity import RunSecond

LENGTH = 60


def manifest(*stages: StageSpan, left: int = 0, **fields: Any) -> Manifest:
    return Manifest(
        **{
            "format": RUN_FORMAT,
            "run": "r",
            "state": "finished",
            "provenance": Provenance("measured"),
            "plan": Plan("p", ("/p.py",)),
            "fingerprint": "",
            "started": "",
            "stages": list(stages),
            "totals": Totals(requests=20, users_left=left),
            **fields,
        }
    )


def span(**fields: Any) -> StageSpan:
    """Of one minute and 100 users, measured from second 10 on."""
    known = {"name": "peak", "start": 0, "end": LENGTH, "users": 100, "spawn_rate": 10.0}
    return StageSpan(
        **{**known, "measured_from": 10, "measured_to": LENGTH, "planned_s": 60.0, **fields}
    )


def ran(*users: int | None) -> list[RunSecond]:
    """One second after the other, from the first measured one on."""
    before = [RunSecond(second, [], second * 10) for second in range(10)]
    return [*before, *(RunSecond(second, [], there) for second, there in enumerate(users, 10))]


@pytest.mark.parametrize(
    ("users", "seconds"),
    [
        ([100] * 50, 0),
        ([95] * 50, 0),
        ([94] * 50, 50),
        ([105] * 50, 0),
        ([106] * 50, 50),
        ([0] * 5 + [100] * 45, 0),
        ([0] * 6 + [100] * 44, 6),
        ([20] * 45 + [100] * 5, 45),
        ([None] * 50, 0),
    ],
)
def test_users_of_each_measured_second(users: list[int | None], seconds: int) -> None:
    reasons = unlike_the_plan(manifest(span()), ran(*users))
    assert len(reasons) == bool(seconds)
    assert all(f" in {seconds} of 50 measured seconds of stage peak" in said for said in reasons)


def test_it_says_how_many_ran() -> None:
    [reason] = unlike_the_plan(manifest(span()), ran(*[20] * 45, *[100] * 5))
    assert reason == (
        "the load was not the planned one: 20 users instead of 100 in 45 of 50 measured seconds of "
        "stage peak"
    )


@pytest.mark.parametrize(("users", "right"), [(0, False), (1, True), (2, False)])
def test_a_single_user(users: int, right: bool) -> None:
    assert (unlike_the_plan(manifest(span(users=1)), ran(*[users] * 50)) == []) is right


def test_one_odd_second_of_a_short_stage_is_none() -> None:
    short = span(measured_to=13, end=13, planned_s=13.0)
    assert unlike_the_plan(manifest(short), ran(100, 100, 0)) == []
    assert len(unlike_the_plan(manifest(short), ran(100, 0, 0))) == 1


def test_users_by_class_add_up() -> None:
    split = span(users={"A": 60, "B": 40})
    assert unlike_the_plan(manifest(split), ran(*[100] * 50)) == []
    assert len(unlike_the_plan(manifest(split), ran(*[60] * 50))) == 1


def test_those_who_left_by_themselves_are_not_missing() -> None:
    assert unlike_the_plan(manifest(span(), left=40), ran(*[60] * 50)) == []
    assert len(unlike_the_plan(manifest(span(), left=20), ran(*[60] * 50))) == 1


@pytest.mark.parametrize("stage", [span(steered=True), span(users=0)], ids=["steered", "shape"])
def test_what_has_no_plan(stage: StageSpan) -> None:
    assert unlike_the_plan(manifest(stage), ran(*[20] * 50)) == []


def test_only_measured_runs() -> None:
    for kind in ("simulated", "imported"):
        other = manifest(span(), provenance=Provenance(kind))  # type: ignore[arg-type]
        assert unlike_the_plan(other, ran(*[20] * 50)) == []


@pytest.mark.parametrize(
    ("end", "fields", "wrong"),
    [
        (60, {}, False),
        (63, {}, False),
        (64, {}, True),
        (56, {}, True),
        (20, {"ended_by": "threshold"}, False),
        (20, {"gave_up": True}, False),
        (20, {"state": "interrupted", "ended_by": "person"}, False),
        (75, {"state": "interrupted", "ended_by": "person"}, True),
    ],
)
def test_the_length(end: int, fields: dict[str, Any], wrong: bool) -> None:
    first = span(end=30, measured_to=30, planned_s=30.0)
    last = span(name="last", start=30, end=end, measured_from=30, measured_to=30, planned_s=30.0)
    reasons = unlike_the_plan(manifest(first, last, **fields), ran(*[100] * 50))
    assert (
        reasons == [f"the load was not the planned one: it lasted {end} s instead of 60 s"] * wrong
    )


def test_an_open_ended_run_may_take_as_long_as_it_likes() -> None:
    stage = span(planned_s=None, end=500)
    assert unlike_the_plan(manifest(stage), ran(*[100] * 50)) == []
