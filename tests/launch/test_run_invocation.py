"""How a run is asked for, from the folder in which the command was given."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.launch.run_invocation import invocation_of
from loadtui.plan.model import Plan
from loadtui.store.manifest import Invocation
from loadtui.wire.run_settings import RunSettings

SETTINGS = RunSettings(locust_args=["--x"], options=["-u", "5"], edited=True)


def test_a_locustfile_with_its_classes_and_a_plan_with_its_own() -> None:
    plan = Plan("p", ("/shop/load/a.py", "/shop/b.py"), user_classes=("Quick",))
    made = invocation_of(plan, SETTINGS, Path("/shop"), place="")
    assert made == Invocation("", ["load/a.py", "b.py"], ["Quick"], ["-u", "5"], ["--x"], True)
    plan = Plan("p", ("/shop/a.py",), source="/shop/p.toml", user_classes=("Quick",))
    made = invocation_of(plan, RunSettings(), Path("/shop"), place="")
    assert made == Invocation("", ["p.toml"])


@pytest.mark.parametrize(
    ("source", "place", "target"),
    [
        ("/repository/plans/p.toml", "services/api", "../../plans/p.toml"),
        ("/repository/plans/p.toml", "", "/repository/plans/p.toml"),
        ("/elsewhere/p.toml", "services/api", "/elsewhere/p.toml"),
    ],
)
def test_files_of_the_checkout_are_relative(source: str, place: str, target: str) -> None:
    made = invocation_of(
        Plan("p", (), source=source), RunSettings(), Path("/repository/services/api"), place=place
    )
    assert (made.folder, made.targets) == (place, [target])
