"""Responses without an end, and small ones that become any length: a failure, not a lost worker."""

from __future__ import annotations

import gzip
from typing import Any

import brotli
import pytest

from loadtui.engine.http import response_limits
from loadtui.engine.http.requests import lazy_response
from tests.support import two_clients, two_http_sessions
from tests.support.scripted_server import Answer, ScriptedServer

MB = 1 << 20
CHUNK = b"10000\r\n" + b"x" * 65536 + b"\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def _packed(coding: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n"
    return head % (coding, len(body)) + body


ENDLESS = {
    "header": Answer([b"HTTP/1.1 200 OK\r\nX: ", *[b"x" * 65536] * 80], end="hang"),
    "headers": Answer([b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n" * 10000] * 100], end="hang"),
    "body": Answer([CHUNKED, *[CHUNK] * 400], end="hang"),
    "gzip": Answer([_packed(b"gzip", gzip.compress(bytes(100 * MB), 1))]),
    "br": Answer([_packed(b"br", brotli.compress(bytes(17 * MB), quality=1))]),
}


@pytest.fixture(autouse=True)
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_limits, "MAX_RESPONSE_BYTES", 16 * MB)
    monkeypatch.setattr(lazy_response, "QUICK_BYTES", 2 * MB)


def _fail_and_go_on(server: ScriptedServer, name: str, session: Any) -> str:
    server.play({"/endless": [ENDLESS[name]]})
    session.get("/endless")
    session.get("/next")
    first, second = session.told
    session.told.clear()
    assert second["exception"] is None
    assert second["response_length"] == len("/next")
    return str(first["exception"])


@pytest.mark.parametrize("name", ENDLESS)
def test_fast_http_user(server: ScriptedServer, name: str) -> None:
    with two_clients.client(fast=True):
        told = _fail_and_go_on(server, name, two_clients.new_session(True, server.url))
    expected = {"header": "longer than 1 MB", "headers": "longer than 1 MB"}
    assert expected.get(name, "longer than 0 GB") in told


@pytest.mark.parametrize("name", ENDLESS)
def test_http_user(server: ScriptedServer, name: str) -> None:
    with two_http_sessions.client(fast=True):
        told = _fail_and_go_on(server, name, two_http_sessions.new_session(True, server.url))
    expected = {"header": "got more than 65536 bytes", "headers": "got more than 100 headers"}
    assert expected.get(name, "longer than 0 GB") in told


def test_a_long_body_that_is_compressed_is_read_whole(server: ScriptedServer) -> None:
    server.play({"/": [Answer([_packed(b"gzip", gzip.compress(bytes(10 * MB), 1))])]})
    with two_http_sessions.client(fast=True):
        assert len(two_http_sessions.new_session(True, server.url).get("/").content) == 10 * MB
    with two_clients.client(fast=True):
        assert len(two_clients.new_session(True, server.url).get("/").content) == 10 * MB
