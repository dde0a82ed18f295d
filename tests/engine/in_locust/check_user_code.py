"""What user code raises outside of tasks, and how it ends the program."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import gevent
import locust
import pytest
from gevent.monkey import get_original
from locust.event import EventHook
from locust.exception import StopUser

from loadtui.engine.locustfile.listener_errors import ListenerErrors
from loadtui.engine.locustfile.user_code import ExitAsked, UserCode, ended_greenlet, mark_counted


class Seen:
    def __init__(self) -> None:
        self.raised: list[str] = []
        self.exits: list[ExitAsked] = []
        self.user_code = UserCode(lambda message, _: self.raised.append(message), self.exits.append)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    import logging

    seen = Seen()
    hub: Any = gevent.get_hub()
    stock = hub.handle_error
    monkeypatch.setattr(EventHook, "fire", EventHook.fire)
    monkeypatch.setattr(os, "_exit", os._exit)
    seen.user_code.watch()
    handler = ListenerErrors(lambda message, _: seen.raised.append(message))
    logging.getLogger().addHandler(handler)
    yield seen
    logging.getLogger().removeHandler(handler)
    hub.handle_error = stock


def ran(function: Any) -> None:
    """It has ended its greenlet."""
    gevent.spawn(function).join(5)
    gc.collect()


def fire(function: Any, hook: EventHook | None = None) -> None:
    hook = hook or locust.events.test_stop
    hook.add_listener(function)
    try:
        hook.fire(environment=None)
    finally:
        hook.remove_listener(function)


@pytest.mark.parametrize("error", [ValueError("odd"), StopUser("odd"), gevent.Timeout(2, "odd")])
def test_what_a_listener_raises_is_counted_and_goes_no_further(
    seen: Seen, error: BaseException
) -> None:
    def listener(**_: object) -> None:
        raise error

    fire(listener)
    [message] = seen.raised
    assert message.endswith("odd")
    assert message.rpartition(".")[2].startswith(type(error).__name__)


def test_in_the_greenlet_of_a_user_it_means_the_user(seen: Seen) -> None:
    seen.user_code.is_user = lambda greenlet: greenlet is gevent.getcurrent()

    def listener(**_: object) -> None:
        raise StopUser

    with pytest.raises(StopUser):
        fire(listener)
    assert seen.raised == []


@pytest.mark.parametrize(("given", "code"), [(7, 7), (None, 0), ("no key", 1)])
def test_a_listener_that_exits(seen: Seen, given: Any, code: int) -> None:
    called = []

    def leaves(**_: object) -> None:
        assert seen.user_code.in_listener()
        raise SystemExit(given)

    locust.events.test_stop.add_listener(leaves)
    try:
        fire(lambda **_: called.append(1))
    finally:
        locust.events.test_stop.remove_listener(leaves)
    [asked] = seen.exits
    assert asked.code == code
    words = f"sys.exit({code}) in a listener of test_stop: "
    assert asked.words.startswith(words)
    assert "leaves at check_user_code.py:" in asked.words
    assert called == [], "as Locust, which has left"
    assert not seen.user_code.in_listener()


def test_os_exit_that_can_be_prevented_is_as_sys_exit(seen: Seen) -> None:
    seen.user_code.watch_os_exit()
    fire(lambda **_: os._exit(9))
    [asked] = seen.exits
    assert asked.code == 9
    assert asked.words.startswith("os._exit(9) in a listener of test_stop: ")
    assert " at check_user_code.py:" in asked.words


def test_os_exit_that_cannot_is_noted_before(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[object] = []
    monkeypatch.setattr(os, "_exit", ends.append)
    seen.user_code.watch_os_exit(lambda status: ends.append(seen.user_code.asked))

    def function_of_a_task() -> None:
        os._exit(9)

    ran(function_of_a_task)
    [asked, status] = ends
    assert (asked, status) == (seen.user_code.asked, 9)
    assert isinstance(asked, ExitAsked)
    assert asked.words.startswith("os._exit(9) in function_of_a_task at check_user_code.py:")


def test_a_forked_child_may_end(seen: Seen) -> None:
    seen.user_code.watch_os_exit()
    # Not gevent's, which now and then does not hear of a child that ends at once.
    fork, waitpid = get_original("os", ["fork", "waitpid"])
    child = fork()
    if not child:
        os._exit(3)
    _, status = waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 3
    assert seen.exits == []


def test_a_greenlet_of_the_locustfile(seen: Seen) -> None:
    def raises() -> None:
        raise ValueError("in the background")

    def leaves() -> None:
        raise SystemExit(6)

    ran(raises)
    ran(leaves)
    assert seen.raised == ["ValueError: in the background"]
    [asked] = seen.exits
    assert asked.words.startswith("sys.exit(6) in leaves at check_user_code.py:")


def test_what_was_counted_is_not_counted_again(seen: Seen) -> None:
    error = ValueError("in on_start")
    mark_counted(error)

    def on_start() -> None:
        raise error

    def wait_time_once_more() -> None:
        try:
            raise error
        except ValueError:
            raise ValueError("in on_start")  # noqa: B904  (as Locust does)

    ran(on_start)
    ran(wait_time_once_more)
    assert seen.raised == []


def test_who_waits_for_a_greenlet_may_raise_its_exception_again(seen: Seen) -> None:
    error = ValueError("in a pool")

    def raises() -> None:
        raise error

    ran(raises)
    assert seen.raised == ["ValueError: in a pool"]
    assert [ended_greenlet(error), ended_greenlet(error)] == [True, False]


def test_a_greenlet_that_is_killed_has_raised_nothing(seen: Seen) -> None:
    greenlet = gevent.spawn(gevent.sleep, 60)
    gevent.sleep(0)
    greenlet.kill()
    assert seen.raised == []
