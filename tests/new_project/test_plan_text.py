"""Plans that are written are plans that are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.new_project.plan_text import NewLoad, plan_text
from loadtui.plan.toml import load_plan


@pytest.mark.parametrize(
    ("load", "stages"),
    [
        (NewLoad(10, 60), [("half", 5, 30), ("all", 10, 30)]),
        (NewLoad(3, 11), [("half", 1, 5), ("all", 3, 6)]),
        (NewLoad(1, 60), [("all", 1, 60)]),
        (NewLoad(10, 9), [("all", 10, 9)]),
    ],
)
def test_stages(tmp_path: Path, load: NewLoad, stages: list[tuple[str, int, int]]) -> None:
    (tmp_path / 'a "b" ü.py').touch()
    path = tmp_path / "plan.toml"
    path.write_text(plan_text('a "b" ü.py', "http://h", load), encoding="utf-8")
    plan = load_plan(path)
    assert [(one.name, one.users, one.duration_s) for one in plan.stages] == stages
    assert plan.host == "http://h"
    assert len(plan.thresholds) == len(plan.tolerances) == 2


def test_without_a_host_that_of_the_classes_holds() -> None:
    assert "host" not in plan_text("a.py", "", NewLoad(1, 1))
