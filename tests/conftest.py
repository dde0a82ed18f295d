"""Fixtures that all tests share: real HTTP servers to measure against."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.check_files import has_locust, shared_folder
from tests.support.machine_lock import hold_machine
from tests.support.servers import Nginx, TimedServer
from tests.support.tools import need_tool

pytest_plugins = ["tests.support.check_files", "tests.support.machine_schedule"]

# The same examples every time, however busy the machine is: a test fails because of a change.
settings.register_profile("loadtui", derandomize=True, deadline=None)
settings.load_profile("loadtui")

# A shell that runs this in the background has it ignored, by the programs that tests start, too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests start hundreds of processes, and each would compile what it imports anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

LONG = ("thorough", "soak", "statistics", "differential", "sweep", "fuzz")
"""Tests with these marks take minutes together, and run only when asked for by name, as by
`pytest -m soak`."""


def pytest_configure(config: pytest.Config) -> None:
    # syrupy would take the snapshots of tests that are left out for unused, and delete them when
    # asked to update others; tests/test_snapshots.py looks for such.
    config.option.disable_unused_snapshots = True
    config.option.warn_unused_snapshots = True  # for a syrupy that knows nothing of the other


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if has_locust(config):
        return  # here to run what was asked for
    asked = config.getoption("markexpr")
    unasked = {name for name in LONG if name not in asked}
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in unasked)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", autouse=True)
def _nobody_elses_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Runs that tests start are found among those of this process only, and the variables of
    whoever runs the tests, which Locust would read too, change nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        for name in [*os.environ]:
            if name.startswith(("LOCUST_", "LOADTUI_")) or name == "OPENAI_API_KEY":
                patch.delenv(name)
        yield


@pytest.fixture(autouse=True)
def _machine(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests marked `alone` measure what a busy machine would change, so nothing else runs beside
    them: they hold the machine exclusively, all others share it."""
    alone = request.node.get_closest_marker("alone") is not None
    with hold_machine(shared_folder(request.config), alone=alone):
        yield


@pytest.fixture(scope="session")
def _nginx_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with Nginx(need_tool("nginx"), tmp_path_factory.mktemp("nginx")) as server:
        yield server


@pytest.fixture
def nginx(_nginx_process: Nginx) -> Nginx:
    """A real web server with an exact count of its requests, 0 at the start of the test."""
    _nginx_process.reset()
    return _nginx_process


@pytest.fixture
def timed_server() -> Iterator[TimedServer]:
    """A server with lognormal delays that knows how long each request really took."""
    with TimedServer() as server:
        yield server
