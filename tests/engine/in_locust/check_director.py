"""The director with a runner that only notes what it is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import gevent
import pytest
from hypothesis import given
from hypothesis import strategies as st
from locust import LoadTestShape, User
from locust.env import Environment

from loadtui.engine.host import director as director_file
from loadtui.engine.host.director import Director, Ending, StageStep, share_out
from loadtui.engine.host.dispatcher import ClassTargets
from loadtui.engine.locustfile.user_code import ExitAsked
from loadtui.store.journal import StageBegan
from loadtui.store.manifest import Mark


class Anna(User):
    pass


class Runner:
    """Every ramp is done at once, the first one fires test_start as Locust's own start does."""

    def __init__(self) -> None:
        self.environment = Environment(user_classes=[Anna])
        self.target_user_count = 0
        self.target_user_classes_count: dict[str, int] = {}
        self.ramps: list[tuple[int, float]] = []
        self.fails: Exception | None = None
        self.started: Callable[[], object] = lambda: None

    def shares(self, users: int) -> dict[str, int]:
        return {"Anna": users, "Bert": 0}

    def ramp_to(self, users: int, spawn_rate: float, classes: Any) -> gevent.Greenlet:
        first = not self.ramps
        self.ramps.append((users, spawn_rate))
        self.target_user_count = users
        return gevent.spawn(self._ramp, first)

    def _ramp(self, first: bool) -> None:
        if first:
            self.environment.events.test_start.fire(environment=self.environment)
            self.started()
        if self.fails is not None:
            raise self.fails


class Record:
    def __init__(self) -> None:
        self.t0: float | None = None
        self.began: list[StageBegan] = []
        self.marks: list[Mark] = []
        self.alive: int | None = None

    def run_began(self, t0: float) -> None:
        self.t0 = t0

    def stage_began(self, began: StageBegan) -> None:
        self.began.append(began)

    def mark(self, mark: Mark) -> None:
        self.marks.append(mark)

    def users_alive(self) -> int | None:
        return self.alive


class DirectedRun:
    def __init__(self, *stages: StageStep, shape: LoadTestShape | None = None) -> None:
        self.runner: Any = Runner()
        self.targets = ClassTargets()
        self.record = Record()
        self.director = Director(self.runner, self.targets, self.record, stages, shape)

    def run(self) -> Ending:
        with gevent.Timeout(10):
            return self.director.run()


def stage(name: str, users: Any, duration_s: float | None) -> StageStep:
    return StageStep(name, users, 10.0, duration_s)


def test_stages_follow_each_other_on_whole_seconds() -> None:
    directed = DirectedRun(stage("one", 5, 1.0), stage("two", {"Anna": 2, "Bert": 1}, 0.5))
    assert directed.run() == Ending("all stages are done")
    assert [(b.name, b.start, b.planned_s) for b in directed.record.began] == [
        ("one", 0, 1.0),
        ("two", 1, 0.5),
    ]
    assert directed.runner.ramps == [(5, 10.0), (3, 10.0)]
    assert directed.targets.counts == {"Anna": 2, "Bert": 1}
    assert directed.record.t0 is not None
    assert time.monotonic() - directed.record.t0 >= 1.5


def test_a_single_stage_ends_with_its_run_time() -> None:
    assert DirectedRun(stage("run", 1, 0.2)).run() == Ending("the run time is over")


def test_asked_to_stop() -> None:
    directed = DirectedRun(stage("run", 1, None))
    gevent.spawn_later(0.01, directed.director.ask_stop, "enough")
    assert directed.run() == Ending("enough")


def test_steered_by_hand_until_the_next_stage() -> None:
    directed = DirectedRun(stage("one", {"Anna": 1, "Bert": 3}, 1.0), stage("two", 2, 0.2))
    directed.director.steer(8)
    directed.run()
    assert directed.runner.ramps == [(4, 10.0), (8, director_file.STEER_RATE), (2, 10.0)]
    ((second, kind, text),) = [(m.second, m.kind, m.text) for m in directed.record.marks]
    assert second >= 0
    assert (kind, text) == ("users", "8 users, set by hand")


@pytest.mark.parametrize("before", [None, 3600.0])
def test_a_swarm_has_other_users_for_as_long_as_it_says(before: float | None) -> None:
    directed = DirectedRun(stage("run", 1, before))
    gevent.spawn_later(0.3, directed.director.swarm, 5, 2.5, 1)
    assert directed.run() == Ending("the run time is over")
    assert directed.runner.ramps == [(1, 10.0), (5, 2.5)]
    assert [mark.text for mark in directed.record.marks] == ["5 users, set by the web API"]
    [swarmed] = directed.director.stages
    assert swarmed.duration_s is not None
    assert swarmed.duration_s > 1.0


def test_a_swarm_without_a_run_time_is_without_end() -> None:
    directed = DirectedRun(stage("run", 1, 0.5))
    gevent.spawn_later(0.1, directed.director.swarm, 2, 1.0, None)
    gevent.spawn_later(1.0, directed.director.ask_stop, "enough")
    assert directed.run() == Ending("enough")


def test_a_swarm_moves_no_stage_of_the_plan() -> None:
    directed = DirectedRun(stage("one", 1, 0.5), stage("two", 2, 0.2))
    gevent.spawn_later(0.1, directed.director.swarm, 5, 1.0, None)
    assert directed.run() == Ending("all stages are done")
    assert directed.runner.ramps == [(1, 10.0), (5, 1.0), (2, 10.0)]


def test_a_worker_that_came_or_went_starts_the_ramp_anew() -> None:
    directed = DirectedRun(stage("run", 6, 0.2))
    gevent.spawn_later(0.01, directed.director.workers_changed)
    directed.run()
    assert directed.runner.ramps == [(6, 10.0)] * 2


def test_a_ramp_that_fails_ends_the_run() -> None:
    directed = DirectedRun(stage("run", 1, None))
    directed.runner.fails = RuntimeError("no")
    assert directed.run() == Ending("users could not be started: RuntimeError: no", failed=True)


class Shape(LoadTestShape):
    def __init__(self, *targets: Any) -> None:
        super().__init__()
        self._targets = list(targets)

    def tick(self) -> Any:
        target = self._targets.pop(0)
        if isinstance(target, BaseException):
            raise target
        return target


def test_a_shape_is_followed_until_it_says_none() -> None:
    shape = Shape((3, 1.0), (3, 1.0), None)
    directed = DirectedRun(stage("shape", 0, None), shape=shape)
    assert directed.run() == Ending("the load shape is done")
    assert directed.runner.ramps == [(3, 1.0)]


class Clocked(LoadTestShape):
    """Was made long before the run, as by a locustfile whose init takes its time."""

    def __init__(self, ends_at: float) -> None:
        super().__init__()
        self.start_time -= 60.0
        self.ends_at = ends_at
        self.seen: list[float] = []

    def tick(self) -> Any:
        self.seen.append(self.get_run_time())
        return (1, 1.0) if self.seen[-1] < self.ends_at else None


def test_a_shapes_time_begins_with_the_run() -> None:
    shape = Clocked(ends_at=1.0)
    directed = DirectedRun(stage("shape", 0, None), shape=shape)
    # As Locust's master does once its test_start listeners are through.
    directed.runner.started = shape.reset_time
    assert directed.run() == Ending("the load shape is done")
    first, second = shape.seen
    assert 0.0 <= first < 1.0 <= second


def test_a_shape_that_raises() -> None:
    directed = DirectedRun(stage("shape", 0, None), shape=Shape((1, 1.0), ValueError("odd")))
    ending = directed.run()
    assert ending == Ending("the load shape's tick() raised ValueError: odd", failed=True)


def test_a_run_whose_users_are_all_gone_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(director_file, "NO_USERS_S", 0.5)
    directed = DirectedRun(stage("run", 5, None))
    directed.record.alive = 0
    assert directed.run() == Ending("all users have stopped by themselves")


@pytest.mark.parametrize(
    ("counts", "total", "shared"),
    [
        ({"a": 8, "b": 2}, 5, {"a": 4, "b": 1}),
        ({"a": 1, "b": 1, "c": 1}, 5, {"a": 2, "b": 2, "c": 1}),
        ({"a": 1, "b": 2}, 1, {"a": 0, "b": 1}),
        ({"a": 0, "b": 0}, 4, {"a": 2, "b": 2}),
        ({"a": 3, "b": 0}, 9, {"a": 9, "b": 0}),
        ({"a": 3}, 0, {"a": 0}),
    ],
)
def test_share_out(counts: dict[str, int], total: int, shared: dict[str, int]) -> None:
    assert share_out(counts, total) == shared


@given(
    st.dictionaries(st.text("abcdef", min_size=1), st.integers(0, 1000), min_size=1),
    st.integers(0, 10**6),
)
def test_shares_add_up_and_are_off_by_less_than_one(counts: dict[str, int], total: int) -> None:
    shared = share_out(counts, total)
    assert sum(shared.values()) == total
    assert shared.keys() == counts.keys()
    whole = sum(counts.values())
    if whole:
        assert all(abs(shared[n] - total * counts[n] / whole) < 1 + 1e-6 for n in counts)


def test_a_shape_that_exits_ends_the_run_in_order() -> None:
    directed = DirectedRun(stage("shape", 0, None), shape=Shape((1, 1.0), SystemExit(5)))
    ending = directed.run()
    assert (ending.failed, ending.by) == (False, "locustfile")
    asked = directed.director.asked_to_exit
    assert asked is not None
    assert asked.code == 5
    assert ending.reason == asked.words
    assert ending.reason.startswith("sys.exit(5) in the load shape's tick() at check_director.py:")


def test_who_ended_it() -> None:
    for ask, by in (
        (lambda director: director.ask_stop("enough"), "locustfile"),
        (lambda director: director.ask_stop("no longer", by="threshold"), "threshold"),
        (lambda director: director.exit_asked(ExitAsked(7, "sys.exit(7)")), "locustfile"),
    ):
        directed = DirectedRun(stage("run", 1, None))
        gevent.spawn_later(0.01, ask, directed.director)
        assert directed.run().by == by
    assert DirectedRun(stage("run", 1, 0.2)).run().by == ""
