"""A misbehaving server, and where custom metrics end up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from loadtui.metrics import set_sink
from tests.support.scripted_server import ScriptedServer


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def noted() -> Iterator[object]:
    from tests.support.service_users import Noted  # imports Locust

    sink = Noted()
    set_sink(sink)
    yield sink
    set_sink(None)
