"""Bodies, time limits, killed users, shared connections, TLS: the fast session as the stock one."""

from __future__ import annotations

import io
import re
import ssl
from pathlib import Path
from typing import Any

import gevent
import gevent.pool
import pytest
from geventhttpclient.client import HTTPClientPool

from loadtui.engine.http.fasthttp import fast_exchange as exchange_file
from tests.support.scripted_server import OK, Answer, ScriptedServer, redirect
from tests.support.tls_server import TlsServer, self_signed
from tests.support.two_clients import (
    IN_FLIGHT,
    Exchange,
    both,
    client,
    do,
    exceptions,
    free,
    new_session,
)


def test_streams(server: ScriptedServer) -> None:
    body = b"one\ntwo\nthree"
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    seen = []
    for fast in (False, True):
        with client(fast):
            server.play({"/lines": [Answer([head, body[:5], body[5:]], 0.01)]})
            session = new_session(fast, server.url)
            lines = [*session.iter_lines("/lines")]
            response = session.get("/lines", stream=True)
            pieces = [*response.iter_content(4)]
            response = session.get("/lines", stream=True)
            read = response.stream.read(3) + response.read()
            seen.append((lines, pieces, read, len(server.seen()), free(session)))
    assert seen[0] == seen[1]
    assert seen[0][0] == ["one", "two", "three"]


def test_uploads(server: ScriptedServer, tmp_path: Path) -> None:
    path = tmp_path / "up.bin"
    path.write_bytes(b"data" * 5000)
    continued = b"HTTP/1.1 100 Continue\r\n\r\n"
    makers = [
        lambda: {"data": (part for part in (b"a" * 10, b"b" * 5000))},
        lambda: {"data": path.open("rb")},
        lambda: {"data": io.BytesIO(b"in memory")},
        lambda: {"data": None, "files": {"f": ("up", b"x", "text/plain", {}, "edge")}},
        lambda: {"data": "x", "headers": {"Transfer-Encoding": "chunked"}},
        lambda: {"data": b"late", "headers": {"Expect": "100-continue"}},
    ]
    seen = []
    for fast in (False, True):
        with client(fast):
            server.play({"/continue": [Answer([continued, OK], early=True)]})
            session = new_session(fast, server.url)
            went = []
            for maker in makers:
                arguments = maker()
                url = "/continue" if "Expect" in arguments.get("headers", {}) else "/up"
                went.append(do(session, Exchange("POST", url, arguments))["told"][0]["status"])
            seen.append((went, server.seen(), free(session)))
    assert seen[0] == seen[1]
    assert seen[0][0] == [200] * len(makers)


@pytest.mark.parametrize("end", ["keep", "close"])
def test_an_answer_before_the_request_is_sent(server: ScriptedServer, end: str) -> None:
    body = b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno"
    seen = []
    for fast in (False, True):
        with client(fast):
            server.play({"/big": [Answer([body], end=end, early=True)]})
            session = new_session(fast, server.url)
            response = session.post("/big", data=b"x" * 30_000_000)
            (told,) = session.told
            seen.append((response.status_code, type(told["exception"]), free(session)))
    assert seen[0] == seen[1]


def test_a_body_longer_than_what_is_kept_for_the_stock_client(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_file, "RETAINED_BYTES", 100_000)
    big = b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n" + b"z" * 900_000
    course = both(
        server, {"/big": [Answer([big])]}, [Exchange("GET", u) for u in ("/big", "/a", "/big")]
    )
    assert [e["told"][0]["response_length"] for e in course.exchanges] == [900_000, 2, 900_000]
    assert len({r.connection for r in course.requests}) == 1


def test_head(server: ScriptedServer) -> None:
    head = Answer([b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"])
    course = both(
        server,
        {"/h": [head]},
        [Exchange("HEAD", "/h"), Exchange("head", "/h"), Exchange("GET", "/a")],
    )
    assert exceptions(course) == [None, None, None]


def test_a_late_answer_reaches_nobody(server: ScriptedServer, session: Any) -> None:
    server.play({"/slow": [Answer([OK.replace(b"ok", b"NO")], pause_s=0.2)]})
    for limit in (0.05, 0.1):
        with gevent.Timeout(limit, False):
            session.get("/slow")
        for number in range(3):
            assert session.get(f"/{number}").text == f"/{number}"
    assert free(session) == [1]


def test_a_time_limit_of_the_locustfile(server: ScriptedServer) -> None:
    outcomes = []
    for fast in (False, True):
        with client(fast):
            server.play({"/slow": [Answer([OK], pause_s=0.5)]})
            session = new_session(fast, server.url)
            session.get("/a")
            left = False
            with gevent.Timeout(0.05, False):
                session.get("/slow")
                left = True
            told = session.told[-1]["exception"]
            outcomes.append(
                (left, type(told).__name__, re.sub(r"0x\w+", "", str(told)), free(session))
            )
    assert outcomes[0] == outcomes[1]


def test_killed_in_the_middle_of_a_request(server: ScriptedServer, session: Any) -> None:
    server.play({"/slow": [Answer(end="hang")]})
    session.get("/warm")
    before = IN_FLIGHT.killed
    greenlet = gevent.spawn(session.get, "/slow")
    gevent.sleep(0.05)
    assert IN_FLIGHT.now == 1
    greenlet.kill()
    assert (IN_FLIGHT.now, IN_FLIGHT.killed - before) == (0, 1)
    assert free(session) == [1]
    assert session.get("/after").text == "/after"
    assert [told["name"] for told in session.told] == ["/warm", "/after"]


def test_users_that_share_one_connection(server: ScriptedServer) -> None:
    server.play({})
    with client(fast=True):
        shared = HTTPClientPool(concurrency=1, network_timeout=10.0, connection_timeout=10.0)
        sessions = [new_session(True, server.url, client_pool=shared) for _ in range(2)]
        sessions.append(new_session(True, server.url, client_pool=shared))
        group = gevent.pool.Group()

        def ask(number: int) -> None:
            for turn in range(20):
                method = "HEAD" if turn % 7 == 3 else "GET"
                path = f"/{number}/{turn}"
                text = sessions[number].request(method, path).text
                assert method == "HEAD" or text == path

        server.play({f"/{n}/{t}": [Answer([OK[:-2]])] for n in range(3) for t in (3, 10, 17)})
        greenlets = [group.spawn(ask, number) for number in range(3)]
        with gevent.Timeout(20):
            gevent.joinall(greenlets, raise_error=True)
        assert {r.connection for r in server.seen()} == {0}
        assert free(sessions[0]) == [1]


def test_one_session_in_several_greenlets(server: ScriptedServer, session: Any) -> None:
    script = {f"/{n}": redirect(f"/to/{n}") if n % 3 else [Answer(end="close")] for n in range(9)}
    server.play(script)
    got = gevent.pool.Pool(9).map(lambda n: session.get(f"/{n}").text, range(9))
    assert got == [f"/to/{n}" if n % 3 else None for n in range(9)]
    assert free(session) == [1]


@pytest.mark.parametrize("insecure", [True, False])
def test_tls_with_a_certificate_of_its_own(
    server: ScriptedServer, tmp_path: Path, insecure: bool
) -> None:
    with TlsServer(self_signed(tmp_path)) as secure:
        exchanges = [Exchange("GET", "/a"), Exchange("POST", "/b", {"json": [1]})]
        course = both(server, {}, exchanges, base_url=secure.url, insecure=insecure)
        failed = ["SSLCertVerificationError"] * 2
        assert exceptions(course) == ([None, None] if insecure else failed)
        assert secure.names == ({"localhost"} if insecure else secure.names)


def test_accidents_under_tls(tmp_path: Path) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"
    script = {
        "/cut": [Answer([OK[:-1]], end="close")],
        "/reset": [Answer([OK[:-1]], end="reset")],
        "/no-length": [Answer([b"HTTP/1.1 200 OK\r\n\r\nall"], end="close")],
        "/pieces": [Answer([OK[:9], OK[9:30], OK[30:]], 0.01)],
        "/chunked": [Answer([chunked, b"0\r\n\r\n"], 0.01)],
        "/bad-chunk": [Answer([chunked, b"zz\r\n"], 0.01)],
        "/stale": [Answer([OK], end="close-next"), Answer([OK])],
        "/gone": [Answer([OK], end="close"), Answer([OK])],
        "/garbage": [Answer([b"what is this\r\n\r\n"])],
        "/long": [Answer([OK.replace(b": 2", b": 9")], end="hang")],
        "/interim": [Answer([b"HTTP/1.1 100 Continue\r\n\r\n" + OK])],
        "/404": [Answer([OK.replace(b"200", b"404")])],
        "/big": [Answer([b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n" + b"z" * 90_000])],
        "/moved": redirect("/pieces"),
    }
    with ScriptedServer(*self_signed(tmp_path)) as secure:
        for method in ("GET", "POST"):
            exchanges = [Exchange(method, path) for path in script for _ in range(2)]
            course = both(secure, script, exchanges, network_timeout=0.5, concurrency=1)
        assert len(set(exceptions(course))) >= 5


def test_tls_with_a_context_of_the_locustfile(server: ScriptedServer, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)

    def trusting(**_: Any) -> ssl.SSLContext:
        return gevent.ssl.create_default_context(cafile=str(certificate.certificate))

    with TlsServer(certificate) as secure:
        course = both(
            server,
            {},
            [Exchange("GET", "/a", {"headers": {"Host": "elsewhere"}})] * 2,
            base_url=secure.url,
            insecure=False,
            ssl_context_factory=trusting,
        )
        assert exceptions(course) == [None, None]
        assert secure.names == {"localhost"}
