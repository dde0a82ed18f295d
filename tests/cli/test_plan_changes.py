"""Promises and other changes of a plan on the command line of `loadtui run`."""

from __future__ import annotations

import pytest

from loadtui.cli.plan_changes import PlanChanges
from loadtui.errors import UsageError
from loadtui.plan.model import Plan, Threshold

BARE = Plan("shop", ("/shop.py",))
OWN = Threshold("p95 < 2s", stage="L1")


def checked(*checks: str, plan: Plan = BARE) -> Plan:
    return PlanChanges(checks=checks).made_to(plan)


def test_checks_come_after_the_thresholds_of_the_plan() -> None:
    plan = checked(
        " error_rate<5% ",
        "ttft.p95 < 300ms @ POST /v1/* ",
        plan=Plan("shop", ("/shop.py",), thresholds=(OWN,)),
    )
    assert plan.thresholds == (
        OWN,
        Threshold("error_rate<5%"),
        Threshold("ttft.p95 < 300ms", endpoint="POST /v1/*"),
    )
    assert not plan.defaults_too


def test_without_a_check_nothing_changes() -> None:
    assert PlanChanges().made_to(BARE) == BARE


@pytest.mark.parametrize(
    ("check", "too"),
    [
        ("p95 < 2s", True),
        ("error_rate < 5%", False),
        ("error_rate < 5% @ GET /", True),
        ("my_error_rate.p95 < 3", True),
    ],
)
def test_only_a_check_on_all_failures_takes_the_place_of_the_defaults(
    check: str, too: bool
) -> None:
    assert checked(check).defaults_too == too


@pytest.mark.parametrize(
    ("check", "says"),
    [
        ("p95 < fast", '--check: found "fast" after "p95 <", expected a time'),
        ("p100 < 2s", '--check: found "p100"'),
        ("", '--check: found "", expected a statistic first'),
        ("p95 < 2s @ ", "expected an endpoint after the @"),
        ("p95 @ GET / < 2s", "--check: "),
    ],
)
def test_a_wrong_check_is_one_sentence(check: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked(check)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_exit_code_for_errors_becomes_the_plans() -> None:
    assert PlanChanges(exit_code_on_error=0).made_to(BARE).exit_code_on_error == 0
