"""Fixtures that all tests share: real HTTP servers to measure against."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from servers import Nginx, TimedServer
from tools import need_tool


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
