"""The dispatcher with workers that are only names, and without waiting."""

from __future__ import annotations

from typing import Any

import locust.dispatch
import pytest
from gevent import Greenlet
from locust import User
from locust.dispatch import UsersDispatcher

from loadtui.engine.host import dispatcher as dispatcher_file
from loadtui.engine.host.director import Director, StageStep
from loadtui.engine.host.dispatcher import ClassTargets, StageDispatcher
from loadtui.store.journal import StageBegan


class Anna(User):
    weight = 1


class Bert(User):
    weight = 3


class Carl(User):
    fixed_count = 2


class Node:
    def __init__(self, number: int) -> None:
        self.id = f"host_{number}"


class Sleeps(list[float]):
    def sleep(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture(autouse=True)
def sleeps(monkeypatch: pytest.MonkeyPatch) -> Sleeps:
    sleeps = Sleeps()
    monkeypatch.setattr(dispatcher_file, "gevent", sleeps)
    monkeypatch.setattr(locust.dispatch, "gevent", sleeps)
    return sleeps


@pytest.fixture
def targets() -> ClassTargets:
    return ClassTargets()


def made(targets: ClassTargets, workers: int = 2) -> StageDispatcher:
    return StageDispatcher(targets, [Node(n) for n in range(workers)], [Anna, Bert])


def rounds(dispatcher: UsersDispatcher, users: int, rate: float) -> list[dict[str, dict[str, int]]]:
    dispatcher.new_dispatch(users, rate)
    return rest(dispatcher)


def rest(dispatcher: UsersDispatcher) -> list[dict[str, dict[str, int]]]:
    """All that a ramp still hands out."""
    found = []
    while True:
        try:
            found.append(next(dispatcher))
        except StopIteration:
            return found


def by_class(users: dict[str, dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for classes in users.values():
        for name, count in classes.items():
            total[name] = total.get(name, 0) + count
    return total


def aim(
    dispatcher: StageDispatcher, targets: ClassTargets, rate: float, **counts: int
) -> list[dict[str, dict[str, int]]]:
    targets.counts = counts
    return rounds(dispatcher, sum(counts.values()), rate)


@pytest.mark.parametrize("rate", [0.5, 1, 3, 7.5, 1000])
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_without_counts_it_is_locusts_own(targets: ClassTargets, workers: int, rate: float) -> None:
    classes = [Anna, Bert, Carl]
    ours = StageDispatcher(targets, [Node(n) for n in range(workers)], classes)
    locusts = UsersDispatcher([Node(n) for n in range(workers)], classes)
    for users in (10, 25, 3, 3, 0, 8):
        assert rounds(ours, users, rate) == rounds(locusts, users, rate)
    for dispatcher in (ours, locusts):
        dispatcher.add_worker(Node(9))
    assert rounds(ours, 9, rate) == rounds(locusts, 9, rate)


def test_counts_per_class_are_reached(targets: ClassTargets) -> None:
    dispatcher = made(targets)
    last = aim(dispatcher, targets, 100, Anna=2, Bert=8)[-1]
    assert by_class(last) == {"Anna": 2, "Bert": 8}
    assert [sum(users.values()) for users in last.values()] == [5, 5]
    assert not dispatcher.dispatch_in_progress


def test_one_class_grows_while_another_shrinks(targets: ClassTargets) -> None:
    dispatcher = made(targets)
    aim(dispatcher, targets, 100, Anna=2, Bert=8)
    steps = aim(dispatcher, targets, 4, Anna=8, Bert=2)
    assert by_class(steps[-1]) == {"Anna": 8, "Bert": 2}
    assert len(steps) == 3  # twelve users to start or stop, four at once
    totals = [sum(by_class(step).values()) for step in steps]
    assert all(abs(total - 10) <= 4 for total in totals)
    assert dispatcher.get_current_user_count() == 10


def test_no_step_moves_more_than_the_spawn_rate_allows(
    targets: ClassTargets, sleeps: Sleeps
) -> None:
    dispatcher = made(targets)
    before = {"Anna": 0, "Bert": 0}
    for counts in ({"Anna": 5, "Bert": 6}, {"Anna": 1, "Bert": 9}, {"Anna": 0, "Bert": 0}):
        sleeps.clear()
        steps = aim(dispatcher, targets, 2.5, **counts)
        for step in steps:
            after = by_class(step)
            assert 0 < sum(abs(after[name] - before[name]) for name in after) <= 2
            before = after
        assert before == counts
        assert sleeps == [pytest.approx(2 / 2.5)] * (len(steps) - 1)


def test_nothing_to_do_is_said_once(targets: ClassTargets, sleeps: Sleeps) -> None:
    dispatcher = made(targets)
    first = aim(dispatcher, targets, 100, Anna=1, Bert=1)
    assert aim(dispatcher, targets, 1, Anna=1, Bert=1) == first[-1:]
    assert sleeps == []


def test_a_class_that_is_not_named_leaves(targets: ClassTargets) -> None:
    dispatcher = made(targets)
    aim(dispatcher, targets, 100, Anna=3, Bert=3)
    assert by_class(aim(dispatcher, targets, 100, Bert=4)[-1]) == {"Anna": 0, "Bert": 4}


def test_from_a_total_to_counts_and_back(targets: ClassTargets) -> None:
    dispatcher = made(targets)
    assert by_class(rounds(dispatcher, 8, 100)[-1]) == {"Anna": 2, "Bert": 6}
    assert by_class(aim(dispatcher, targets, 100, Anna=6, Bert=1)[-1]) == {"Anna": 6, "Bert": 1}
    targets.counts = None
    assert sum(by_class(rounds(dispatcher, 12, 100)[-1]).values()) == 12
    assert sum(by_class(rounds(dispatcher, 4, 100)[-1]).values()) == 4


def test_a_lost_workers_users_move_to_the_others(targets: ClassTargets) -> None:
    dispatcher = made(targets, workers=3)
    aim(dispatcher, targets, 100, Anna=3, Bert=6)
    lost = dispatcher._worker_nodes[1]
    dispatcher.remove_worker(lost)
    (users,) = rounds(dispatcher, 9, 100)
    assert lost.id not in users
    assert by_class(users) == {"Anna": 3, "Bert": 6}
    assert sorted(sum(classes.values()) for classes in users.values()) == [4, 5]
    assert by_class(aim(dispatcher, targets, 100, Anna=1, Bert=1)[-1]) == {"Anna": 1, "Bert": 1}


def test_a_worker_lost_in_mid_ramp(targets: ClassTargets) -> None:
    """The director starts the ramp anew; it goes on from the users there are."""
    dispatcher = made(targets, workers=2)
    targets.counts = {"Anna": 10, "Bert": 10}
    dispatcher.new_dispatch(20, 4)
    for _ in range(2):
        next(dispatcher)
    dispatcher.remove_worker(dispatcher._worker_nodes[0])
    steps = rounds(dispatcher, 20, 4)
    assert [sum(by_class(step).values()) for step in steps] == [12, 16, 20]
    assert by_class(steps[-1]) == {"Anna": 10, "Bert": 10}
    assert {tuple(step) for step in steps} == {("host_1",)}


def test_a_new_worker_gets_its_share(targets: ClassTargets) -> None:
    dispatcher = made(targets, workers=1)
    aim(dispatcher, targets, 100, Anna=4, Bert=4)
    dispatcher.add_worker(Node(7))
    (users,) = rounds(dispatcher, 8, 100)
    assert [sum(classes.values()) for classes in users.values()] == [4, 4]
    assert by_class(users) == {"Anna": 4, "Bert": 4}


def test_shares_are_what_locust_would_start(targets: ClassTargets) -> None:
    dispatcher = made(targets)
    aim(dispatcher, targets, 100, Anna=6, Bert=1)
    assert dispatcher.shares(8) == {"Anna": 2, "Bert": 6}
    assert dispatcher.shares(0) == {"Anna": 0, "Bert": 0}
    assert by_class(aim(dispatcher, targets, 100, Anna=6, Bert=2)[-1]) == {"Anna": 6, "Bert": 2}


class Runner:
    """A master without workers' processes: a ramp is over when `ramp_to` returns."""

    def __init__(self, dispatcher: StageDispatcher) -> None:
        self._dispatcher = dispatcher
        self.shares = dispatcher.shares
        self.target_user_count = 0
        self.target_user_classes_count: dict[str, int] = {}

    def ramp_to(self, users: int, spawn_rate: float, classes: Any) -> Any:
        last = rounds(self._dispatcher, users, spawn_rate)[-1]
        self.target_user_classes_count = by_class(last)
        self.target_user_count = sum(by_class(last).values())
        return Greenlet()


class Record:
    def __init__(self) -> None:
        self.began: list[StageBegan] = []

    def stage_began(self, began: StageBegan) -> None:
        self.began.append(began)


@pytest.mark.parametrize("rate", [0.5, 1, 2.5, 3, 50])
def test_a_stage_says_how_long_its_ramp_takes(
    targets: ClassTargets, sleeps: Sleeps, rate: float
) -> None:
    runner: Any = Runner(made(targets))
    record: Any = Record()
    director = Director(runner, targets, record, [], None)
    for users in (7, {"Anna": 7, "Bert": 2}, {"Anna": 2, "Bert": 7}, 20, {"Bert": 1}, 12, 0):
        sleeps.clear()
        director._enter(StageStep("s", users, rate, 60.0), 0, first=False)
        assert record.began[-1].ramp_s == pytest.approx(sum(sleeps), abs=0.05)
        if isinstance(users, dict):
            assert {"Anna": 0} | users == {"Bert": 0} | runner.target_user_classes_count
        else:
            assert runner.target_user_count == users
