"""What a person changes of a plan before it is started."""

from __future__ import annotations

import pytest

from loadtui.errors import UsageError
from loadtui.plan.model import Flags, Plan, Stage
from loadtui.tui.project.plan_edits import (
    PlanEdits,
    StageEdits,
    check_edits,
    edited_plan,
    stage_edits,
)

PLAN = Plan(
    "gateway", ("/x/gateway.py",), host="http://a",
    stages=(Stage("L1", 10, 1.0, 300.0), Stage("L2", {"A": 3, "B": 2}, 5.0, 90.0)),
)  # fmt: skip
BARE = Plan("locustfile", ("/x/locustfile.py",))


def texts(**second):
    texts = [stage_edits(stage) for stage in PLAN.stages]
    values = {"users": texts[1].users, "spawn_rate": "5", "duration": "1m30s", **second}
    return (texts[0], StageEdits("L2", **values))


def test_a_stage_as_it_stands_in_a_form():
    assert texts() == (
        StageEdits("L1", "10", "1", "5m"),
        StageEdits("L2", "A=3, B=2", "5", "1m30s"),
    )


def test_nothing_changed_is_the_plan_itself():
    assert edited_plan(PLAN, PlanEdits()) == (PLAN, Flags())
    assert edited_plan(PLAN, PlanEdits(stages=texts()))[0].stages == PLAN.stages


def test_host_users_lengths_and_time_scale():
    plan, _ = edited_plan(
        PLAN,
        PlanEdits(
            host=" http://b ", stages=texts(users="A=1,B=9", duration="1m"), time_scale="0.1"
        ),
    )
    assert plan.host == "http://b"
    assert plan.time_scale == 0.1
    assert [(s.total_users, s.duration_s) for s in plan.stages] == [(10, 30.0), (10, 6.0)]
    assert plan.stages[1].users == {"A": 1, "B": 9}


def test_a_plan_without_stages_takes_flags():
    plan, flags = edited_plan(
        BARE, PlanEdits(users="5", spawn_rate="2", run_time="1m", time_scale="0.5")
    )
    assert flags == Flags(users=5, spawn_rate=4.0, run_time_s=30.0)
    assert plan.stages == ()


@pytest.mark.parametrize(("changes", "sentence"), [
    (PlanEdits(stages=texts(users="many")), 'stage L2, users: found "many", expected a number such '
                                          "as 50, or ClassName=8"),
    (PlanEdits(stages=texts(users="0")), "stage L2, users: at least one user is needed"),
    (PlanEdits(stages=texts(users="A=0")), 'stage L2, users: found "A=0"'),
    (PlanEdits(stages=texts(spawn_rate="-1")), 'stage L2, spawn rate: found "-1"'),
    (PlanEdits(stages=texts(duration="soon")), 'stage L2, length: found "soon"'),
    (PlanEdits(stages=texts(duration="1.5s")), "expected whole seconds"),
    (PlanEdits(time_scale="zero"),
     'time scale: found "zero", expected a number above 0 such as 0.5'),
    (PlanEdits(time_scale="inf"), 'time scale: found "inf"'),
    (PlanEdits(users="9" * 5000), 'users: found "999'),
    (PlanEdits(users="3.5"), 'users: found "3.5", expected a whole number'),
    (PlanEdits(run_time="x"), 'run time: found "x"'),
])  # fmt: skip
def test_what_makes_no_sense_names_its_field(changes, sentence):
    for check in (lambda: check_edits(changes), lambda: edited_plan(PLAN, changes)):
        with pytest.raises(UsageError) as error:
            check()
        assert sentence in str(error.value)
