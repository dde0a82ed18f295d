from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.plan.locustfile_plan import plan_for_locustfiles
from loadtui.plan.model import Flags, Plan, Stage
from loadtui.plan.resolve import scaled, scaled_flags, with_class_hosts, with_flags

STAGED = Plan(
    name="gateway",
    locustfiles=("/x/lf.py",),
    source="/x/gateway.toml",
    host="http://plan",
    hosts={"A": "http://a"},
    stages=(Stage("L1", 10, 1, 300), Stage("L2", {"A": 50}, 5, 301)),
)
BARE = Plan(name="lf", locustfiles=("/x/lf.py",))


def test_bare_locustfiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plan = plan_for_locustfiles(["sub/../내 파일.py", "b.py"], ["A"])
    assert plan == Plan(
        name="내 파일",
        locustfiles=(str(tmp_path / "내 파일.py"), str(tmp_path / "b.py")),
        user_classes=("A",),
    )
    assert plan_for_locustfiles([tmp_path]).name == tmp_path.name


def test_host_flag_replaces_all_hosts_of_the_plan() -> None:
    plan = with_flags(STAGED, Flags(host="http://flag"))
    assert (plan.host, plan.hosts) == ("http://flag", {})
    assert with_flags(STAGED, Flags()) is STAGED


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (Flags(users=5), "-u does not go with the stages of gateway.toml"),
        (Flags(spawn_rate=5), "-r does not go with the stages of gateway.toml"),
        (Flags(run_time_s=5), "-t does not go with the stages of gateway.toml"),
    ],
)
def test_load_flags_do_not_go_with_stages(flags: Flags, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        with_flags(STAGED, flags)
    assert str(refused.value).startswith(message)
    assert with_flags(BARE, flags) is BARE


@pytest.mark.parametrize(
    "flags",
    [
        Flags(users=0),
        Flags(users=-1),
        Flags(spawn_rate=0),
        Flags(spawn_rate=float("nan")),
        Flags(run_time_s=0),
        Flags(run_time_s=1.5),
        Flags(run_time_s=float("inf")),
    ],
)
def test_flags_that_make_no_sense(flags: Flags) -> None:
    with pytest.raises(UsageError, match=r"^-[urt]: found "):
        with_flags(BARE, flags)


def test_scaling_keeps_the_share_of_the_ramp() -> None:
    plan = scaled(STAGED, 0.05)
    assert plan.time_scale == 0.05
    assert [s.duration_s for s in plan.stages] == [15, 15]
    assert plan.stages[0].spawn_rate == pytest.approx(20)
    assert plan.stages[1].users == {"A": 50}


@given(
    duration=st.integers(1, 10**6),
    rate=st.floats(0.001, 1000),
    users=st.integers(1, 10**5),
    factor=st.floats(1e-4, 100),
)
def test_scaled_stages_are_whole_seconds_with_the_same_ramp(
    duration: int, rate: float, users: int, factor: float
) -> None:
    plan = scaled(Plan("p", (), stages=(Stage("S", users, rate, duration),)), factor)
    (stage,) = plan.stages
    assert stage.duration_s >= 1
    assert stage.duration_s == round(stage.duration_s)
    assert abs(stage.duration_s - duration * factor) <= max(0.5, 1 - duration * factor) + 1e-9
    share, before = users / stage.spawn_rate / stage.duration_s, users / rate / duration
    assert share == pytest.approx(before)


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf")])
def test_no_time_scale(factor: float) -> None:
    with pytest.raises(UsageError, match="--time-scale"):
        scaled(STAGED, factor)


def test_flags_scale_like_stages() -> None:
    flags = scaled_flags(Flags(users=5, spawn_rate=2, run_time_s=60), 0.1)
    assert flags == Flags(users=5, spawn_rate=20, run_time_s=6)
    assert scaled_flags(Flags(), 0.1) == Flags()


@pytest.mark.parametrize(
    ("hosts", "host", "own", "target"),
    [
        ({"X": "http://a", "Y": "http://a"}, "http://a", {}, "http://a"),
        (
            {"X": "http://a", "Y": "http://b"},
            None,
            {"X": "http://a", "Y": "http://b"},
            "several",
        ),
        ({"X": "http://a", "Y": None}, None, {"X": "http://a"}, "http://a"),
        ({"X": None}, None, {}, ""),
    ],
)
def test_the_hosts_that_a_locustfile_knew(
    hosts: dict[str, str | None], host: str | None, own: dict[str, str], target: str
) -> None:
    plan = with_class_hosts(Plan("p", (), host="http://other", hosts={"Z": "http://z"}), hosts)
    assert (plan.user_classes, plan.host, plan.hosts) == (tuple(hosts), host, own)
    assert plan.target == target


def test_more_users_than_a_run_can_have() -> None:
    with pytest.raises(UsageError, match="-u: found 1000001, expected at most 1000000"):
        with_flags(BARE, Flags(users=1_000_001))
