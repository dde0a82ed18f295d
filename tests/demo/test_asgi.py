"""The bare ASGI of the target's services."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from loadtui.demo.asgi import MAX_BODY, Counts, Routes, Stats, answer_json, read_body, wrong


async def _hello(scope: Any, receive: Any, send: Any) -> None:
    await answer_json(send, 200, b'{"hello": 1}')


@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("POST", "/hello", 405, "POST is not taken at /hello"),
        ("GET", "/hello/", 404, "there is no /hello/"),
    ],
)
def test_routes(ask: Any, method: str, path: str, status: int, detail: str) -> None:
    routes = Routes({("GET", "/hello"): _hello})
    assert asyncio.run(ask(routes, "GET", "/hello")).document == {"hello": 1}
    answer = asyncio.run(ask(routes, method, path))
    assert (answer.status, answer.document["detail"]) == (status, detail)


@pytest.mark.parametrize(
    ("messages", "body"),
    [
        ([(b"a", True), (b"b", False)], b"ab"),
        ([(b"", False)], b""),
        ([(b"x" * MAX_BODY, True), (b"x", False)], None),
        ([(b"a", True), None], None),
    ],
)
def test_bodies(messages: list[Any], body: bytes | None) -> None:
    async def receive() -> dict[str, Any]:
        message = messages.pop(0)
        if message is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": message[0], "more_body": message[1]}

    assert asyncio.run(read_body(receive)) == body


def test_what_is_wrong_with_a_body() -> None:
    class Question(msgspec.Struct):
        count: int

    def of(text: bytes) -> str:
        with pytest.raises(msgspec.DecodeError) as caught:
            msgspec.json.decode(text, type=Question)
        return wrong(caught.value)

    assert of(b'{"count": "a"}') == "count: Expected `int`, got `str`"
    assert of(b"{}") == "Object missing required field `count`"
    assert of(b"{") == "the body is not JSON"


def test_the_server_counts_for_itself(ask: Any) -> None:
    class Queue:
        waiting = 2

    counts = Counts()
    counts.add(counts.received, "GET /")
    counts.add(counts.received, "GET /")
    document = asyncio.run(ask(Stats(counts, Queue()), "GET", "/stats")).document
    assert document == {"received": {"GET /": 2}, "answered": {}, "failed": {}, "waiting": 2}
