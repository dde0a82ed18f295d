"""Every name that we use beyond a dependency's documentation is in the installed version."""

from __future__ import annotations

import logging
from typing import Any

import locust.runners
import pytest
from locust import User
from locust.argument_parser import get_parser
from locust.dispatch import UsersDispatcher
from locust.env import Environment
from locust.event import EventHook
from locust.runners import MasterRunner, WorkerNode, WorkerRunner
from locust.user.task import LOCUST_STATE_RUNNING, LOCUST_STATE_STOPPING, LOCUST_STATE_WAITING

from loadtui.engine.locustfile import argparse_internals, locust_internals


class Anna(User):
    pass


@pytest.fixture
def dispatcher() -> UsersDispatcher:
    return UsersDispatcher([WorkerNode("one")], [Anna])


@pytest.mark.parametrize(
    "name", [*locust_internals.DISPATCHER_ATTRIBUTES, *locust_internals.DISPATCHER_METHODS]
)
def test_the_dispatcher_has(name: str, dispatcher: UsersDispatcher) -> None:
    assert hasattr(dispatcher, name)


@pytest.fixture(scope="module")
def runners() -> Any:
    master_environment, worker_environment = (Environment(user_classes=[Anna]) for _ in range(2))
    master: Any = master_environment.create_master_runner("127.0.0.1", 0)
    port = master.server.port
    worker: Any = WorkerRunner(worker_environment, "127.0.0.1", port)
    yield master, worker
    worker.greenlet.kill(block=False)
    master.greenlet.kill(block=False)


@pytest.mark.parametrize("name", locust_internals.MASTER_ATTRIBUTES)
def test_the_master_has(name: str, runners: tuple[MasterRunner, WorkerRunner]) -> None:
    assert hasattr(runners[0], name)


def test_the_listeners_of_runners(runners: tuple[MasterRunner, WorkerRunner]) -> None:
    master, worker = (runner.environment.events for runner in runners)
    named = locust_internals.listener_named
    assert named(master.request, locust_internals.MASTER_REQUEST) is not None
    assert named(worker.request, locust_internals.WORKER_REQUEST) is not None
    assert named(worker.user_error, locust_internals.WORKER_USER_ERROR) is not None
    assert named(worker.request, "nobody") is None


def test_listeners_of_a_hook() -> None:
    hook = EventHook()
    assert not locust_internals.has_listeners(hook)
    hook.add_listener(lambda **_: None)
    assert locust_internals.has_listeners(hook)


def test_what_locust_logs_of_a_listener_that_raised(caplog: pytest.LogCaptureFixture) -> None:
    hook = EventHook()
    hook.add_listener(lambda **_: 1 / 0)
    with caplog.at_level(logging.ERROR):
        hook.fire()
    assert caplog.records[0].msg.startswith(locust_internals.LISTENER_ERROR)


def test_the_liveness_that_the_master_reads() -> None:
    assert isinstance(locust.runners.HEARTBEAT_LIVENESS, int)


def test_the_state_of_a_user() -> None:
    class Greenlet:
        dead = False
        thrown = False

        def throw(self, _: type[BaseException]) -> None:
            self.thrown = True

    user: Any = Anna(Environment(user_classes=[Anna]))
    assert user._state is None
    for state, thrown, after in (
        (LOCUST_STATE_WAITING, True, LOCUST_STATE_WAITING),
        (LOCUST_STATE_RUNNING, False, LOCUST_STATE_STOPPING),
    ):
        user._greenlet, user._state = Greenlet(), state
        locust_internals.end_or_ask_user(user)
        assert (user._greenlet.thrown, user._state) == (thrown, after)


def test_the_parsers_options() -> None:
    parser = get_parser()
    options = argparse_internals.option_actions(parser)
    assert options["--host"].dest == "host"
    assert options["--host"] in argparse_internals.all_actions(parser)
    printed: list[str] = []
    argparse_internals.replace_printing(parser, lambda message, file=None: printed.append(message))
    parser.print_usage()
    assert printed
