"""HttpUser's fast session and the stock one, case by case."""

from __future__ import annotations

import gzip
import io
import itertools
import socket
import time
import zlib
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from locust import User
from requests.models import PreparedRequest

from loadtui.engine.http.requests import pooled_exchange as exchange_file
from loadtui.engine.http.requests.destination import PLAIN_URL
from loadtui.engine.worker.failures import Failures
from loadtui.engine.worker.recorder import Recorder
from loadtui.engine.worker.request_hook import RequestHook
from tests.support.scripted_server import Answer, ScriptedServer
from tests.support.two_clients import IN_FLIGHT, client
from tests.support.two_http_sessions import Call, both, do, new_session

import locust.clients  # isort: skip  (its classes are replaced by `client`)


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def exchanges(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The requests that the fast path sent."""
    from loadtui.engine.http.requests import http_session, transport_adapter

    sent: list[bytes] = []
    real = exchange_file.pooled_exchange

    def exchange(pool: Any, data: bytes, *rest: Any) -> Any:
        sent.append(data)
        return real(pool, data, *rest)

    monkeypatch.setattr(http_session, "pooled_exchange", exchange)
    monkeypatch.setattr(transport_adapter, "pooled_exchange", exchange)
    return sent


def ok(body: bytes = b"ok", *lines: bytes, status: bytes = b"200 OK") -> bytes:
    head = b"".join(line + b"\r\n" for line in lines)
    return b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n%b" % (status, head, len(body), body)


def to(location: str, code: int = 302) -> Answer:
    return Answer([ok(b"moved", b"Location: " + location.encode(), status=b"%d Moved" % code)])


ORDINARY = [
    Call("GET", "/"),
    Call("GET", "/"),
    Call("GET", "/a?b=1", {"allow_redirects": True}),
    Call("get", "/"),
    Call("OPTIONS", "/"),
    Call("DELETE", "/"),
    Call("POST", "/", {"json": {"a": [1, "\u00fc"]}}),
    Call("POST", "/", {"json": {"a": [1, "longer"]}}),
    Call("PUT", "/", {"data": {"a": "b c", "k": ["x", "y"]}}),
    Call("PATCH", "/", {"data": "text gr\u00fc\u00df"}),
    Call("POST", "/", {"data": b"\x00\xff"}),
    Call("POST", "/"),
    Call("POST", "/", {"json": {}}),
    Call("POST", "/", {"json": 0}),
    Call("POST", "/", {"data": "", "json": None}),
    Call("GET", "/", {"params": {"a": "b c", "n": None, "l": [1, 2], "\u00fc": "&"}}),
    Call("GET", "/?x=1", {"params": {"a": 1}}),
    Call("GET", "/", {"params": {}}),
    Call("GET", "/", {"headers": {"X-One": "1", "user-agent": "mine"}}),
    Call("GET", "/", {"headers": {"X-One": "2"}}),
    Call("GET", "/", {"headers": {"Accept-Encoding": "br", "Accept": None}}),
    Call("GET", "/", {"headers": {"X-Bytes": b"1"}}),
    Call("GET", "/", {"headers": {"Host": "example.com"}}),
    Call("POST", "/", {"json": 1, "headers": {"content-type": "application/x"}}),
    Call("GET", "/", {"auth": ("anna", "pa:ss")}),
    Call("GET", "/sp ace/\u00fc?q=[1]"),
    Call("GET", "/x/../y/./z"),
    Call("GET", "//double"),
    Call("GET", "/q?"),
    Call("GET", "/f#part"),
    Call("GET", "/", {"timeout": 7}),
    Call("GET", "/", {"timeout": (3, 4.5)}),
    Call("GET", "/", {"timeout": (None, 0.5)}),
    Call("GET", "/", {"name": "named", "context": {"a": 1}}),
    Call("GET", "/", rename="renamed"),
    Call("GET", "/", {"allow_redirects": False}),
]


def test_ordinary_requests_take_the_fast_path(
    server: ScriptedServer, exchanges: list[bytes]
) -> None:
    _, seen = both(server, {}, ORDINARY)
    assert [request.data for request in seen] == exchanges
    assert len(exchanges) == len(ORDINARY)
    assert {request.connection for request in seen} == {0}


UNUSUAL_BODIES: list[dict[str, Any]] = [
    {"files": {"f": ("name.txt", b"content", "text/plain")}},
    {"data": [("a", "b")]},
    {"data": io.BytesIO(b"file")},
    {"data": {"a": []}},
    {"data": bytearray(b"array")},
    {"json": float("nan")},
    {"json": {1, 2}},
    {"data": iter([b"one", b"two"])},
    {"headers": {"Bad": "x\r\ny"}},
    {"headers": {"X": 1}},
    {"params": "a=b"},
    {"params": [("a", "b")]},
    {"auth": requests.auth.HTTPDigestAuth("a", "b")},
    {"auth": lambda r: r},
    {"cookies": {"c": "1"}},
    {"stream": True},
    {"hooks": {"response": lambda r, **_: None}},
    {"timeout": 0},
    {"timeout": (1, 2, 3)},
    {"timeout": "x"},
    {"verify": False},
    {"nonsense": 1},
]


@pytest.mark.parametrize("arguments", UNUSUAL_BODIES, ids=lambda a: next(iter(a)))
def test_unusual_arguments(server: ScriptedServer, arguments: dict[str, Any]) -> None:
    if "files" in arguments:  # its boundary is random
        arguments = {"data": b"x", "headers": {"Content-Type": "multipart/form-data"}}
    if isinstance(arguments.get("data"), io.BytesIO):
        for fast in (False, True):
            with client(fast):
                arguments["data"].seek(0)
                seen = do(new_session(fast, server.url), Call("POST", "/", arguments))
                assert seen["response"]["status"][0] == 200
        return
    if "data" in arguments and hasattr(arguments["data"], "__next__"):
        return
    both(server, {}, [Call("POST", "/", arguments), Call("GET", "/")])


@pytest.mark.parametrize(
    "url", ["nowhere", "http://", "ftp://127.0.0.1/", "http://*x/", "http://[::1", "mailto:a@b", ""]
)
def test_bad_urls(server: ScriptedServer, url: str) -> None:
    both(server, {}, [Call("GET", url), Call("GET", "/")])


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "HEAD"])
def test_redirects(server: ScriptedServer, code: int, method: str) -> None:
    script = {
        "/a": [to("b", code)],
        "/b": [to("/c?x=1#y", code)],
        "/far": [to(f"http://127.0.0.1:{server.other}/there", code)],
        "/loop": [to("/loop", code)],
        "/sets": [Answer([ok(b"", b"Set-Cookie: a=1", b"Location: /c", status=b"302 x")])],
        "/odd": [to("/gone", code)],
        "/gone": [Answer([], end="close")],
        "/none": [Answer([ok(status=b"302 Found")])],
    }
    arguments: dict[str, Any] = {"auth": ("a", "b")}
    if method in ("POST", "PUT"):
        arguments["json"] = {"a": 1}
    calls = [Call(method, url, arguments) for url in script]
    calls += [Call(method, url, arguments | {"allow_redirects": False}) for url in ("/a", "/none")]
    both(server, script, calls)


def test_cookies(server: ScriptedServer) -> None:
    script = {
        "/in": [Answer([ok(b"", b"Set-Cookie: a=1; Path=/", b"set-cookie: b=2; Path=/deep")])],
        "/out": [Answer([ok(b"", b"Set-Cookie: a=; Max-Age=0; Path=/")])],
        "/short": [Answer([ok(b"", b"Set-Cookie: s=1; Max-Age=600; Path=/")])],
        "/domain": [Answer([ok(b"", b"Set-Cookie: d=1; Domain=example.com")])],
        "/404": [Answer([ok(b"", b"Set-Cookie: e=1", status=b"404 No")])],
    }

    def late(session: Any) -> None:
        for cookie in session.cookies:
            if cookie.name == "s":
                cookie.expires = 1

    def add(session: Any) -> None:
        session.cookies.set("mine", "1")

    calls = [
        Call("GET", "/"), Call("GET", "/in"), Call("GET", "/"), Call("GET", "/deep/x"),
        Call("POST", "/", {"json": 1}), Call("GET", "/short"), Call("GET", "/"),
        Call("GET", "/", before=late), Call("GET", "/out"), Call("GET", "/"),
        Call("GET", "/domain"), Call("GET", "/404"), Call("GET", "/", before=add),
        Call("GET", "/", {"headers": {"Cookie": "own=1"}}),
        Call("GET", "/", {"cookies": {"x": "y"}}),
        Call("GET", f"http://127.0.0.1:{server.other}/"),
    ]  # fmt: skip
    both(server, script, calls)


def test_a_session_that_changes(server: ScriptedServer) -> None:
    def headers(session: Any) -> None:
        session.headers["X-All"] = "1"

    def order(session: Any) -> None:
        session.headers["Accept"] = session.headers.pop("Accept")

    def auth(session: Any) -> None:
        session.auth = requests.auth.HTTPBasicAuth("a", "b")

    def password(session: Any) -> None:
        session.auth.password = "c"

    def callable_auth(session: Any) -> None:
        session.auth = lambda r: r

    def params(session: Any) -> None:
        session.auth = None
        session.params = {"all": "1"}

    def base(session: Any) -> None:
        session.params = {}
        session.base_url += "/v1"

    def hooks(session: Any) -> None:
        session.hooks["response"].append(lambda r, **_: r.headers.update({"X-Hook": "1"}))

    def plain_dict(session: Any) -> None:
        session.hooks["response"].clear()
        session.headers = {"X-Only": "1"}

    def mount(session: Any) -> None:
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=1))

    def close(session: Any) -> None:
        session.close()

    changes = [
        headers,
        order,
        auth,
        password,
        callable_auth,
        params,
        base,
        hooks,
        plain_dict,
        mount,
    ]
    calls = [Call("GET", "/")]
    for change in [close, *changes, close]:
        calls += [Call("GET", "/", before=change), Call("POST", "/", {"json": 1}), Call("GET", "/")]
    both(server, {}, calls)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        (b"gzip", gzip.compress(b"x" * 9000)),
        (b"x-gzip", gzip.compress(b"x")),
        (b"gzip", gzip.compress(b"one") + gzip.compress(b"two")),
        (b"gzip", gzip.compress(b"one") + b"garbage"),
        (b"gzip", gzip.compress(b"x" * 9000)[:-9]),
        (b"gzip", b"not at all"),
        (b"gzip", b""),
        (b"GZip", gzip.compress(b"x")),
        (b"deflate", zlib.compress(b"x" * 9000)),
        (b"deflate", b"no"),
        (b"br", brotli.compress(b"x" * 9000)),
        (b"br", b"no"),
        (b"gzip, br", brotli.compress(gzip.compress(b"x"))),
        (b"identity", b"x"),
        (b"zstd", b"x"),
    ],
    ids=itertools.count(),  # gzip puts the time into what it makes, and the id is to stay the same
)
@pytest.mark.parametrize("chunked", [False, True])
def test_codings(server: ScriptedServer, coding: bytes, body: bytes, chunked: bool) -> None:
    line = b"Content-Encoding: " + coding
    data = ok(body, line)
    if chunked:
        half = len(body) // 2
        parts = [part for part in (body[:half], body[half:]) if part]
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
        data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n%b\r\n\r\n%b0\r\n\r\n" % (
            line,
            chunks,
        )
    both(server, {"/": [Answer([data])]}, [Call("GET", "/"), Call("GET", "/", within="")])


BAD_DAYS = {
    "closes each": Answer([ok(b"ok", b"Connection: close")], end="close"),
    "says close": Answer([ok(b"ok", b"Connection: close")]),
    "closes unsaid": Answer([ok()], end="close"),
    "closes at the next": Answer([ok()], end="close-next"),
    "resets at the next": Answer([ok()], end="reset-next"),
    "silent close": Answer([], end="close"),
    "silent reset": Answer([], end="reset"),
    "until the end": Answer([b"HTTP/1.1 200 OK\r\n\r\nbody"], end="close"),
    "old": Answer([b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"], end="close"),
    "old kept": Answer(
        [b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"]
    ),
    "mid-body": Answer([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"], end="close"),
    "mid-body reset": Answer([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"], end="reset"),
    "mid-head": Answer([b"HTTP/1.1 200 OK\r\nConte"], end="close"),
    "bad status": Answer([b"HTTP/1.1 abc OK\r\n\r\n"], end="close"),
    "not http": Answer([b"SSH-2.0-x\r\n"], end="close"),
    "no reason": Answer([ok(status=b"200 ")]),
    "bad chunk": Answer([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n"]),
    "cut chunk": Answer(
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok"], end="close"
    ),
    "trailers": Answer(
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Late: 1\r\n\r\n"]
    ),
    "extra bytes": Answer([ok() + b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong"]),
    "many extra bytes": Answer([ok() + b"x" * 30_000]),
    "interim": Answer([b"HTTP/1.1 100 Continue\r\n\r\n" + ok()]),
    "hints": Answer([b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok()]),
    "in pieces": Answer([b"HTTP/1.1 200", b" OK\r\nContent-Le", b"ngth: 4\r\n\r\nab", b"cd"], 0.01),
    "204": Answer([b"HTTP/1.1 204 No Content\r\n\r\n"]),
    "304": Answer([b"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n"]),
    "304 with body": Answer([ok(b"body", status=b"304 Not Modified")]),
    "404": Answer([ok(status=b"404 Not Found")]),
    "503": Answer([ok(status=b"503 Gr\xfc\xdfe")]),
    "same header": Answer([ok(b"ok", b"X-A: 1", b"x-a: 2", b"X-A:  3  ")]),
    "folded": Answer([ok(b"ok", b"X-A: 1\r\n  2")]),
    "two lengths": Answer([ok(b"ok", b"Content-Length: 3")]),
    "two types": Answer(
        [ok(b"ok", b"Content-Type: text/html", b"Content-Type: text/x; charset=x")]
    ),
    "many headers": Answer([ok(b"ok", *(b"X-%d: 1" % n for n in range(120)))]),
    "95 headers": Answer([ok(b"ok", *(b"X-%d: 1" % n for n in range(95)))]),
    "long header": Answer([ok(b"ok", b"X: " + b"y" * 70_000)]),
    "almost long header": Answer([ok(b"ok", b"X: " + b"y" * 62_000)]),
    "long body": Answer([ok(b"z" * 5_000_000)]),
    "type": Answer([ok(b"\xff", b"Content-Type: text/plain")]),
    "charset": Answer([ok(b"\xc3\xbc", b"Content-Type: text/x; charset=utf-8")]),
    "link": Answer([ok(b"{}", b'Link: </next>; rel="next"', b"Content-Type: application/json")]),
}


@pytest.mark.parametrize("name", BAD_DAYS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_bad_days(server: ScriptedServer, name: str, method: str) -> None:
    arguments = {"json": {"a": 1}} if method == "POST" else {}
    script = {"/bad": [BAD_DAYS[name]]}
    calls = [
        Call(method, "/first", arguments), Call(method, "/bad", arguments | {"timeout": 5}),
        Call(method, "/then", arguments), Call(method, "/bad", arguments, within="status"),
        Call("GET", "/last"), Call("GET", "/bad", {"stream": True}), Call("GET", "/last"),
        Call(method, "/bad", arguments | {"params": {"p": 1}}), Call("GET", "/last"),
    ]  # fmt: skip
    both(server, script, calls)


@pytest.mark.parametrize("timeout", [0.2, (5, 0.2), 0.2001])
def test_read_timeouts(server: ScriptedServer, timeout: Any) -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
    script = {"/hang": [Answer([], end="hang")], "/half": [Answer([half], end="hang")]}
    calls = [
        Call("GET", "/first"),
        Call("GET", "/hang", {"timeout": timeout}),
        Call("POST", "/half", {"timeout": timeout, "json": 1}),
        Call("GET", "/last"),
    ]
    both(server, script, calls)


def test_nobody_listens(server: ScriptedServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        both(
            server,
            {},
            [Call("GET", f"http://127.0.0.1:{port}/", {"timeout": t}) for t in (None, 2)]
            + [Call("GET", "http://no-such-host.invalid/"), Call("GET", "/")],
        )


@pytest.mark.parametrize("within", ["nothing", "success", "failure", "response error", "error"])
@pytest.mark.parametrize("status", [b"200 OK", b"404 Not Found"])
def test_with_blocks(server: ScriptedServer, within: str, status: bytes) -> None:
    script = {"/": [Answer([ok(b"body", status=status)])], "/gone": [Answer([], end="close")]}
    both(server, script, [Call("GET", url, {}, within) for url in ("/", "/gone", "/")])


def test_without_catch_response(server: ScriptedServer) -> None:
    for fast in (False, True):
        with client(fast):
            response = new_session(fast, server.url).get("/")
            with pytest.raises(locust.exception.LocustError, match="catch_response"), response:
                pass


def test_recorded_without_listeners(server: ScriptedServer) -> None:
    class Noted(Recorder):
        def record(self, *what: Any) -> None:
            noted.append(what)

    noted: list[Any] = []
    server.play({"/404": [Answer([ok(status=b"404 No")])]})
    with client(True):
        session = locust.clients.HttpSession(server.url, RequestHook(Noted(), Failures()), None)
        before = time.time()
        response = session.get("/abc", name="named")
        session.get("/404")
    (method, name, start, took, size, good), (*_, bad) = noted
    assert (method, name, size, good, bad) == ("GET", "named", 4, True, False)
    assert before <= start <= time.time()
    assert 0 < took < 5000
    assert response.request_meta["name"] == "named"
    assert response.request_meta["response_length"] == 4
    assert response.request._explicit_name == "named"


def test_a_user_with_a_context(server: ScriptedServer) -> None:
    class Visitor(User):
        abstract = True

        def context(self) -> dict[str, Any]:
            return {"username": "anna", "tag": "x"}

    for fast in (False, True):
        with client(fast):
            session = new_session(fast, server.url, Visitor(locust.env.Environment()))
            (told,) = do(session, Call("GET", "/", {"context": {"tag": "y"}}))["told"]
            assert told["context"] == {"username": "anna", "tag": "y"}


def test_killed_in_the_middle(server: ScriptedServer) -> None:
    import gevent

    server.play({"/hang": [Answer([], end="hang")]})
    with client(True):
        session = new_session(True, server.url)
        killed = IN_FLIGHT.killed
        greenlet = gevent.spawn(session.get, "/hang")
        gevent.sleep(0.05)
        assert IN_FLIGHT.now == 1
        greenlet.kill()
        assert (IN_FLIGHT.now, IN_FLIGHT.killed) == (0, killed + 1)
        assert session.get("/after").text == "/after"


def test_many_greenlets_share_a_session(server: ScriptedServer) -> None:
    import gevent

    server.play({"/slow": [Answer([ok(b"slow")], pause_s=0.02)]})
    with client(True):
        session = new_session(True, server.url)
        urls = [f"/own/{n}" if n % 3 else "/slow" for n in range(60)]
        jobs = [gevent.spawn(session.get, url) for url in urls]
        gevent.joinall(jobs, raise_error=True)
        assert [job.value.text for job in jobs] == [
            "slow" if url == "/slow" else url for url in urls
        ]


def test_a_patched_transport_is_called(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client(True):
        session = new_session(True, server.url)
        session.get("/")
        monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            session.get("/")


def test_a_proxy_that_turns_up(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.play({})
    for fast in (False, True):
        with client(fast):
            session = new_session(fast, server.url)
            session.trust_env = True
            session.get("/direct")
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.other}")
            monkeypatch.delenv("no_proxy", raising=False)
            session.get("/proxied")
            monkeypatch.delenv("http_proxy")
    assert [request.data.split()[1] for request in server.seen()] == [
        b"/direct",
        f"{server.url}/proxied".encode(),
    ] * 2


@given(
    st.from_regex(PLAIN_URL, fullmatch=True).filter(lambda url: url.isascii())
    | st.builds("http://a.b:80/{}".format, st.text("ab/.?&=~';:@+$,()*!-_", max_size=12))
)
def test_plain_urls_are_left_as_they_are(url: str) -> None:
    plain = PLAIN_URL.fullmatch(url)
    if plain is None:
        return
    prepared = PreparedRequest()
    try:
        prepared.prepare_url(url, {})
    except requests.exceptions.RequestException:
        return  # refused when the first head is built
    assert prepared.url == url
    assert prepared.path_url == plain[2]
