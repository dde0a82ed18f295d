"""Services whose streams, events and answers have no end: a failure with a sentence, in little
memory; on the fast session and on the stock one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from loadtui.users import ChatUser, McpUser, body, chat_stream, sse
from loadtui.users.mcp_listener import McpListener
from loadtui.users.mcp_transport import McpTransport
from tests.support.endless_server import EndlessServer
from tests.support.memory_growth import memory_growth_bytes
from tests.support.service_users import failures, new_user
from tests.support.two_clients import client
from tests.support.waiting import wait_until

MB = 1 << 20
EVENT = (
    "an event of the stream is longer than 4 MB, the most that is read of one: look at what the"
    " service sends"
)
ANSWER = (
    "the answer is longer than 4 MB, the most that is read of one: look at what the service sends"
)
COMPLETION = (
    "the stream's completion takes more than 1 MB of memory: look at what the service sends, or"
    " ask for fewer tokens"
)


@pytest.fixture(params=["fast", "stock"])
def session(request: pytest.FixtureRequest) -> Iterator[None]:
    with client(fast=request.param == "fast"):
        yield


@pytest.fixture(scope="module")
def endless() -> Iterator[EndlessServer]:
    with EndlessServer() as running:
        yield running


@pytest.fixture(autouse=True)
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "LONGEST_EVENT_BYTES", 4 * MB)
    monkeypatch.setattr(body, "LONGEST_BODY_BYTES", 4 * MB)
    monkeypatch.setattr(chat_stream, "LONGEST_COMPLETION_BYTES", MB)


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("name", "problem"), [("event-line", EVENT), ("event", EVENT), ("tokens", COMPLETION)]
)
def test_a_completion(endless: EndlessServer, name: str, problem: str) -> None:
    user = new_user(ChatUser, endless.url, chat_path=f"/{name}", network_timeout=5.0)
    with memory_growth_bytes() as growth:
        found = user.chat("hello", stream=True)
    assert found.problem == problem
    assert failures(user) == [problem]
    assert growth[0] < 100 * MB


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("name", "problem"), [("event-line", EVENT), ("event", EVENT), ("json", ANSWER)]
)
def test_the_answer_of_an_mcp_server(endless: EndlessServer, name: str, problem: str) -> None:
    user = new_user(McpUser, endless.url, mcp_path=f"/{name}", network_timeout=5.0)
    with memory_growth_bytes() as growth:
        user.on_start()
    assert failures(user) == [problem]
    assert growth[0] < 100 * MB


@pytest.mark.usefixtures("session")
def test_what_comes_after_the_last_event(endless: EndlessServer) -> None:
    """It is read for a moment, for the connection to be used again; that moment has to end."""
    user = new_user(ChatUser, endless.url, chat_path="/after-done", network_timeout=5.0)
    began = time.monotonic()
    with memory_growth_bytes() as growth:
        user.chat("hello", stream=True)
    assert time.monotonic() - began < 20
    assert growth[0] < 100 * MB


def test_the_standing_stream_is_given_up(endless: EndlessServer) -> None:
    with client(fast=True):
        user: Any = new_user(McpUser, endless.url)
        transport = McpTransport(user.client, "/event", {}, str)
        listener = McpListener(transport, lambda asked: None)
        wait_until(listener._greenlet.ready, "the end of the listener")
