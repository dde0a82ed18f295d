"""Responses without an end, and small ones that become any length: a failure, not a lost worker."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import brotli
import pytest

from loadtui.engine.exception_text import failure_text
from loadtui.engine.http import response_limits
from loadtui.engine.http.requests import lazy_response
from tests.support import two_clients, two_http_sessions
from tests.support.endless_server import EndlessServer
from tests.support.memory_growth import memory_growth_bytes
from tests.support.scripted_server import Answer, ScriptedServer

MB = 1 << 20
GROWTH = 200 * MB
BESIDE = (
    "ResponseTooLong('more than 1 MB of the response are header lines, interim responses, chunk"
    " extensions or trailers: given up; look at what the target sends, as with `curl -v`')"
)
LONG = (
    "ResponseTooLong('the response is longer than 3 MB, the most that is read at once: given up;"
    " look at what the target sends, or read it in pieces with stream=True')"
)
LINE = ".*got more than 65536 bytes when reading .*"
URLLIB3_LINE = f".*exceeded maximum.*|{re.escape(BESIDE)}"
FAST_HTTP_USER = {
    "header-line": BESIDE,
    "header-lines": BESIDE,
    "reason": BESIDE,
    "interim": BESIDE,
    "interim-100": BESIDE,
    "body": LONG,
    "chunks": LONG,
    "extension": BESIDE,
    "extensions": LONG,
    "trailers": BESIDE,
    "trailer-line": BESIDE,
}
HTTP_USER = {
    "header-line": LINE,
    "header-lines": ".*got more than 100 headers.*",
    "reason": LINE,
    "interim-100": re.escape(BESIDE),
    "body": re.escape(LONG),
    "chunks": re.escape(LONG),
    "extension": URLLIB3_LINE,
    "extensions": re.escape(LONG),
    "trailers": re.escape(BESIDE),
    "trailer-line": URLLIB3_LINE,
    "redirect-body": re.escape(LONG),
}

UPLOADS = [("interim-100", True), ("body", True), ("trailers", True)]


def packed(coding: bytes, body: bytes) -> Answer:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n"
    return Answer([head % (coding, len(body)) + body])


BOMBS = {
    "gzip": packed(b"gzip", gzip.compress(bytes(100 * MB), 1)),
    "br": packed(b"br", brotli.compress(bytes(9 * MB), quality=1)),
}


@pytest.fixture(scope="module")
def endless() -> Iterator[EndlessServer]:
    with EndlessServer() as running:
        yield running


@pytest.fixture(autouse=True)
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_limits, "MAX_RESPONSE_BYTES", 3 * MB)
    monkeypatch.setattr(lazy_response, "QUICK_BYTES", MB)


@contextmanager
def visitor(fast_http: bool, url: str) -> Iterator[Any]:
    """A session of one kind or the other."""
    with two_clients.client(fast=True):
        made = two_clients if fast_http else two_http_sessions
        yield made.new_session(True, url)


def failure_and_next(session: Any, path: str, upload: bool = False) -> str:
    """The failure of a request, after which the next one has to do."""
    with memory_growth_bytes() as growth:
        if upload:  # goes to the stock client before it is sent
            session.post(path, data=io.BytesIO(b"file"))
        else:
            session.get(path)
    assert growth[0] < GROWTH
    session.get("/next")
    first, second = session.told
    assert second["exception"] is None
    return failure_text(first["exception"])


@pytest.mark.parametrize(("name", "upload"), [*((n, False) for n in FAST_HTTP_USER), *UPLOADS])
def test_fast_http_user(endless: EndlessServer, name: str, upload: bool) -> None:
    with visitor(True, endless.url) as session:
        assert failure_and_next(session, f"/{name}", upload) == FAST_HTTP_USER[name]


@pytest.mark.parametrize(("name", "upload"), [*((n, False) for n in HTTP_USER), *UPLOADS])
def test_http_user(endless: EndlessServer, name: str, upload: bool) -> None:
    with visitor(False, endless.url) as session:
        assert re.fullmatch(HTTP_USER[name], failure_and_next(session, f"/{name}", upload))


@pytest.mark.parametrize("fast_http", [True, False])
@pytest.mark.parametrize("coding", BOMBS)
def test_small_ones_that_become_any_length(
    server: ScriptedServer, fast_http: bool, coding: str
) -> None:
    server.play({"/bomb": [BOMBS[coding]]})
    with visitor(fast_http, server.url) as session:
        assert failure_and_next(session, "/bomb") == LONG


@pytest.mark.parametrize("name", ["header-lines", "interim-100"])
def test_instead_of_a_100(endless: EndlessServer, name: str) -> None:
    with visitor(True, endless.url) as session:
        session.post(f"/{name}", data=b"x", headers={"Expect": "100-continue"})
        told = failure_text(session.told[0]["exception"])
    assert told == BESIDE


@pytest.mark.parametrize("fast_http", [True, False])
def test_redirects_without_an_end(endless: EndlessServer, fast_http: bool) -> None:
    with visitor(fast_http, endless.url) as session:
        told = failure_and_next(session, "/redirect")
    assert re.search("(?i)redirect", told)


def test_the_body_of_a_redirect_is_not_read(endless: EndlessServer) -> None:
    with visitor(True, endless.url) as session:
        assert session.get("/redirect-body").text == "ok"


@pytest.mark.parametrize(("fast_http", "name"), [(True, "body"), (True, "chunks"), (False, "body")])
def test_what_is_read_in_pieces_may_be_of_any_length(
    endless: EndlessServer, fast_http: bool, name: str
) -> None:
    with (
        visitor(fast_http, endless.url) as session,
        memory_growth_bytes() as growth,
        session.get(f"/{name}", stream=True, catch_response=True) as response,
    ):
        raw = response.stream if fast_http else response.raw
        assert sum(len(raw.read(65536)) for _ in range(64)) == 64 * 65536
        raw.release() if fast_http else raw.close()
        response.success()
    assert growth[0] < GROWTH


def test_a_stream_that_is_read_whole_has_the_limit(endless: EndlessServer) -> None:
    with (
        visitor(True, endless.url) as session,
        session.get("/body", stream=True, catch_response=True) as response,
    ):
        with pytest.raises(response_limits.ResponseTooLong):
            _ = response.content
        response.success()


@pytest.mark.parametrize("fast_http", [True, False])
def test_a_long_body_that_is_compressed_is_read_whole(
    server: ScriptedServer, fast_http: bool
) -> None:
    server.play({"/": [packed(b"gzip", gzip.compress(bytes(2 * MB), 1))]})
    with visitor(fast_http, server.url) as session:
        assert len(session.get("/").content) == 2 * MB
