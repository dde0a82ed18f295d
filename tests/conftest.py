"""Fixtures that all tests share: real HTTP servers to measure against."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servers import Nginx, TimedServer
from tools import need_tool


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
