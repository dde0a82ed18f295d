"""Real users of a real runner, whose requests are short sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import gevent
import pytest
from locust import User, constant, task
from locust.env import Environment

from loadtui.engine.locustfile.locust_internals import USER_ENDS
from loadtui.engine.worker.in_flight import InFlight
from loadtui.engine.worker.stopping_users import let_requests_finish, let_users_finish
from tests.support.waiting import wait_until


class Log:
    def __init__(self) -> None:
        self.begun = 0
        self.done = 0
        self.stopped = 0


Start = Callable[..., tuple[list[User], Log]]


@pytest.fixture
def start() -> Iterator[Start]:
    runners = []

    def start(count: int, *, request_s: float, think_s: float | None) -> tuple[list[User], Log]:
        log = Log()

        class Anna(User):
            if think_s is not None:
                wait_time = constant(think_s)

            def on_stop(self) -> None:
                log.stopped += 1

            @task
            def request(self) -> None:
                log.begun += 1
                gevent.sleep(request_s)
                log.done += 1

        environment = Environment(user_classes=[Anna], stop_timeout=5)
        runner = environment.create_local_runner()
        runners.append(runner)
        runner.spawn_users({"Anna": count})
        wait_until(lambda: log.begun >= count, f"{count} users within a request")
        return [greenlet.args[0] for greenlet in runner.user_greenlets], log

    yield start
    for runner in runners:
        runner.user_greenlets.kill()
        runner.greenlet.kill()


def test_no_request_that_has_begun_is_cut_off(start: Start) -> None:
    """Users without think time begin their next request the moment the last one is done."""
    users, log = start(40, request_s=0.01, think_s=None)
    wait_until(lambda: log.done > 40, "second requests of users")
    with gevent.Timeout(5):
        assert let_users_finish(users, 5.0) == 0
    assert log.begun == log.done > 40
    assert log.stopped == 40
    assert all(user.greenlet.dead for user in users)


def test_who_waits_between_tasks_leaves_at_once(start: Start) -> None:
    users, log = start(10, request_s=0.0, think_s=3600)
    wait_until(lambda: log.done == 10, "users that think")
    began = time.monotonic()
    assert let_users_finish(users, 5.0) == 0
    assert time.monotonic() - began < 2
    assert (log.begun, log.done, log.stopped) == (10, 10, 10)


def test_who_takes_too_long_is_killed_and_may_still_stop_in_order(start: Start) -> None:
    users, log = start(5, request_s=3600, think_s=None)
    assert let_users_finish(users, 0.05) == 5
    assert (log.begun, log.done, log.stopped) == (5, 0, 5)


def test_without_a_timeout_all_are_killed(start: Start) -> None:
    users, log = start(5, request_s=3600, think_s=None)
    assert let_users_finish(users, 0.0) == 5
    assert log.stopped == 5


def test_only_those_that_are_named(start: Start) -> None:
    users, _ = start(6, request_s=0.005, think_s=None)
    assert let_users_finish(users[:2], 5.0) == 0
    assert [user.greenlet.dead for user in users] == [True, True, False, False, False, False]


def test_a_user_may_ask_for_it_itself() -> None:
    """As one does that stops its worker from a task.  It is gone with its own next wait, as under
    Locust; the others finish what they have begun."""
    begun: list[User] = []
    done: list[User] = []
    stopped: list[User] = []

    class Anna(User):
        def on_stop(self) -> None:
            stopped.append(self)

        @task
        def request(self) -> None:
            begun.append(self)
            if len(begun) == 3:
                let_users_finish([greenlet.args[0] for greenlet in runner.user_greenlets], 5.0)
            gevent.sleep(0.02)
            done.append(self)

    runner: Any = Environment(user_classes=[Anna]).create_local_runner()
    runner.spawn_users({"Anna": 3})
    assert gevent.joinall(list(runner.user_greenlets), timeout=5)
    assert len(runner.user_greenlets) == 0
    assert set(done) == set(begun[:2])
    assert len(stopped) == 3
    runner.greenlet.kill()


def test_nobody(start: Start) -> None:
    assert let_users_finish([], 5.0) == 0


class Sent:
    """What a journey of requests has come to."""

    def __init__(self) -> None:
        self.in_flight = InFlight(USER_ENDS)
        self.begun = 0
        self.done = 0
        self.cleaned_up = 0


@pytest.fixture
def journey() -> Iterator[Callable[..., tuple[list[User], Sent]]]:
    runners = []

    def start(*, request_s: float, think_s: float) -> tuple[list[User], Sent]:
        sent = Sent()

        class Session:
            user: User

            def request(self, length_s: float) -> None:
                sent.begun += 1
                gevent.sleep(length_s)
                sent.done += 1

        sent.in_flight.watch(Session)

        class Anna(User):
            def on_start(self) -> None:
                self.session = Session()
                self.session.user = self

            def on_stop(self) -> None:
                self.session.request(0.0)
                sent.cleaned_up += 1

            @task
            def journey(self) -> None:
                for _ in range(1000):
                    self.session.request(request_s)
                    gevent.sleep(think_s)

        runner: Any = Environment(user_classes=[Anna]).create_local_runner()
        runners.append(runner)
        runner.spawn_users({"Anna": 5})
        wait_until(lambda: sent.begun >= 5, "users on their way")
        return [greenlet.args[0] for greenlet in runner.user_greenlets], sent

    yield start
    for runner in runners:
        runner.user_greenlets.kill()
        runner.greenlet.kill()


def test_a_journey_ends_with_the_request_that_it_is_in(
    journey: Callable[..., tuple[list[User], Sent]],
) -> None:
    users, sent = journey(request_s=0.3, think_s=0.0)
    begun = sent.begun
    with gevent.Timeout(5):
        assert let_requests_finish(users, 30.0, sent.in_flight) == 0
    assert sent.begun == sent.done == begun + 5, "five more, of on_stop"
    assert (sent.cleaned_up, sent.in_flight.killed) == (5, 0)
    assert not sent.in_flight.closing


def test_who_thinks_in_mid_journey_leaves_at_once(
    journey: Callable[..., tuple[list[User], Sent]],
) -> None:
    users, sent = journey(request_s=0.0, think_s=3600)
    wait_until(lambda: sent.done == 5, "users that think")
    with gevent.Timeout(5):
        assert let_requests_finish(users, 30.0, sent.in_flight) == 0
    assert (sent.begun, sent.cleaned_up) == (10, 5)


def test_a_request_that_takes_too_long_is_killed(
    journey: Callable[..., tuple[list[User], Sent]],
) -> None:
    users, sent = journey(request_s=3600, think_s=0.0)
    assert let_requests_finish(users, 0.1, sent.in_flight) == 5
    assert (sent.in_flight.killed, sent.cleaned_up) == (5, 5)
