"""A misbehaving server, and a session on the fast path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.scripted_server import ScriptedServer


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def session(server: ScriptedServer) -> Iterator[Any]:
    """A fast session with a single connection."""
    from tests.support.two_clients import client, new_session  # imports Locust

    server.play({})
    with client(fast=True):
        yield new_session(True, server.url, concurrency=1)
