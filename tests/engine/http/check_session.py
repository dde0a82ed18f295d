"""What a locustfile sets and sends: the fast session as the stock one."""

from __future__ import annotations

import re
import time
from typing import Any

import gevent
import gevent.pool
import pytest
from geventhttpclient.client import HTTPClientPool
from geventhttpclient.useragent import UserAgent
from locust import FastHttpUser
from locust.exception import LocustError

from loadtui.engine.http import deadlines as deadlines_file
from tests.support.scripted_server import JSON, OK, Answer, ScriptedServer, redirect
from tests.support.two_clients import (
    Exchange,
    both,
    client,
    exceptions,
    look,
    new_session,
    new_visitor,
)


@pytest.mark.parametrize(("limit", "outcome"), [(2, [None]), (1, ["RetriesExceeded"])])
def test_max_redirects(server: ScriptedServer, limit: int, outcome: list[str | None]) -> None:
    script = {"/a": redirect("/b"), "/b": redirect("/c")}
    course = both(server, script, [Exchange("GET", "/a")], max_redirects=limit)
    assert exceptions(course) == outcome


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_max_retries(server: ScriptedServer, method: str) -> None:
    script = {"/a": [Answer(end="hang"), Answer(end="hang"), Answer([OK])]}
    course = both(server, script, [Exchange(method, "/a")], max_retries=2, network_timeout=0.1)
    assert exceptions(course) == ([None] if method == "GET" else ["RetriesExceeded"])
    assert len(course.requests) == (3 if method == "GET" else 1)


@pytest.mark.parametrize("end", ["close-next", "reset-next", "close", "reset"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_connection_that_went_stale(server: ScriptedServer, method: str, end: str) -> None:
    script = {"/a": [Answer([OK], end=end), Answer([OK])]}
    course = both(server, script, [Exchange(method, "/a", {"data": "x"})] * 2)
    may = method not in ("POST", "PATCH") or not end.endswith("-next")
    assert exceptions(course) == [None, None if may else "HTTPConnectionClosed"]


def test_network_timeout(server: ScriptedServer) -> None:
    script = {
        "/mute": [Answer(end="hang")],
        "/half": [Answer([OK[:-1]], end="hang")],
        "/head": [Answer([OK[:20]], end="hang")],
    }
    began = time.monotonic()
    exchanges = [Exchange("GET", path) for path in (*script, "/after")]
    course = both(server, script, exchanges, network_timeout=0.1)
    assert exceptions(course) == ["RetriesExceeded", "TimeoutError", "RetriesExceeded", None]
    assert time.monotonic() - began < 3


def test_timeouts_that_are_swept(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines_file, "SHARED_FROM_S", 0.1)
    monkeypatch.setattr(deadlines_file, "SWEEP_S", 0.02)
    script = {"/mute": [Answer(end="hang")], "/half": [Answer([OK[:-1]], end="hang")]}
    exchanges = [Exchange("GET", path) for path in (*script, "/after")]
    course = both(server, script, exchanges, network_timeout=0.2)
    assert exceptions(course) == ["RetriesExceeded", "TimeoutError", None]


def test_no_timeout_at_all(server: ScriptedServer) -> None:
    assert exceptions(both(server, {}, [Exchange("GET", "/a")], network_timeout=None)) == [None]


def test_connection_timeout_and_refusal(server: ScriptedServer) -> None:
    nobody = "http://127.0.0.1:9"
    course = both(server, {}, [Exchange("GET", "/a")], base_url=nobody)
    assert exceptions(course) == ["ConnectionRefusedError"]
    with gevent.socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [gevent.socket.socket() for _ in range(4)]
        for one in waiting:
            one.settimeout(0.01)
            assert one.connect_ex(("127.0.0.1", port)) is not None
        course = both(
            server,
            {},
            [Exchange("GET", "/a")],
            base_url=f"http://127.0.0.1:{port}",
            connection_timeout=0.1,
        )
        assert exceptions(course) == ["RetriesExceeded"]
        for one in waiting:
            one.close()


def test_default_headers_and_auth_in_the_base_url(server: ScriptedServer) -> None:
    url = server.url.replace("//", "//an%20na:secret@")
    course = both(
        server,
        {},
        [Exchange("GET", "/a"), Exchange("POST", "/b", {"json": {}, "headers": {"x-a": "2"}})],
        base_url=url,
        headers={"X-A": "1", "User-Agent": "me"},
    )
    assert [b"Authorization: Basic YW4gbmE6c2VjcmV0" in r.data for r in course.requests] == [
        True,
        True,
    ]
    assert b"User-Agent: me" in course.requests[0].data


def change_and_ask(session: Any, server: ScriptedServer, change: Any) -> list[bytes]:
    session.get("/a")
    change(session)
    session.get("/a")
    session.post("/a", data="x")
    return [r.data for r in server.seen()]


CHANGES = {
    "default header": lambda s: s.client.default_headers.update({"X-New": "1"}),
    "one more line": lambda s: [s.client.default_headers.add("X-New", str(n)) for n in range(3)],
    "base url": lambda s: setattr(s, "base_url", s.base_url.replace("127.0.0.1", "localhost")),
    "auth": lambda s: setattr(s, "auth_header", "Bearer x"),
    "clients closed": lambda s: s.client.clientpool.close(),
    "other clients": lambda s: setattr(s.client, "clientpool", HTTPClientPool(concurrency=1)),
    "fewer codes are good": lambda s: setattr(s.client, "valid_response_codes", frozenset([404])),
    "no jar": lambda s: setattr(s.client, "cookiejar", None),
    "cookies gone": lambda s: s.cookiejar.clear(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_later(server: ScriptedServer, change: str) -> None:
    seen = []
    for fast in (False, True):
        with client(fast):
            server.play({})
            session = new_session(fast, server.url)
            requests = change_and_ask(session, server, CHANGES[change])
            connections = len({r.connection for r in server.seen()})
            outcomes = [told["exception"] is None for told in session.told]
            seen.append((requests, connections, outcomes))
    assert seen[0] == seen[1]


def test_a_proxy(server: ScriptedServer) -> None:
    course = both(
        server,
        {},
        [Exchange("GET", "/a"), Exchange("POST", "/b", {"json": {}})],
        base_url="http://nowhere.invalid",
        proxy_host="127.0.0.1",
        proxy_port=server.port,
    )
    assert course.requests[0].data.startswith(b"GET http://nowhere.invalid:80/a HTTP/1.1\r\n")
    assert exceptions(course) == [None, None]


def test_ipv6(server: ScriptedServer) -> None:
    if server.v6 is None:
        pytest.skip("this machine has no ::1")
    course = both(server, {}, [Exchange("GET", "/a")] * 2, base_url=f"http://[::1]:{server.v6}")
    assert b"Host: [::1]:" in course.requests[1].data
    assert exceptions(course) == [None, None]


def test_absolute_urls_and_cookies_for_other_hosts(server: ScriptedServer) -> None:
    cookie = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=%b; Path=/\r\nContent-Length: 0\r\n\r\n"
    script = {"/here": [Answer([cookie % b"here"])], "/there": [Answer([cookie % b"there"])]}
    other = f"http://localhost:{server.port}"
    exchanges = [
        Exchange("GET", "/here"),
        Exchange("GET", f"{other}/there"),
        Exchange("GET", "/a"),
        Exchange("POST", f"{other}/a", {"data": {"k": "v"}}),
        Exchange("GET", "/a", {"headers": {"Cookie": "mine=1"}}),
    ]
    course = both(server, script, exchanges)
    cookies = [re.findall(rb"Cookie: (.*)\r", r.data) for r in course.requests]
    assert cookies == [[], [], [b"a=here"], [b"a=there"], [b"mine=1"]]


@pytest.mark.parametrize("base", ["", "/", "/prefix", "/prefix/", "?x=", "#x"])
def test_base_urls_with_more_than_a_host(server: ScriptedServer, base: str) -> None:
    both(server, {}, [Exchange("GET", "/a?b=1")], base_url=server.url + base)


def test_no_base_url(server: ScriptedServer) -> None:
    both(server, {}, [Exchange("GET", "/a"), Exchange("GET", f"{server.url}/a")], base_url=None)


def misused(response: Any, act: int) -> str:
    with pytest.raises(LocustError) as error:
        response.failure("x") if act else response.success()
    return str(error.value)


def test_misuse_of_with_blocks(server: ScriptedServer) -> None:
    seen = []
    for fast in (False, True):
        with client(fast):
            server.play({})
            session = new_session(fast, server.url)
            plain = session.get("/a")
            caught = session.get("/a", catch_response=True)
            said = [misused(response, act) for response in (plain, caught) for act in (0, 1)]
            with plain as same:
                assert same is plain
            seen.append((said, len(session.told)))
    assert seen[0] == seen[1]
    assert seen[0][1] == 1


def test_rest(server: ScriptedServer) -> None:
    class Guest(FastHttpUser):
        host = server.url

    script = {"/json": [Answer([JSON])], "/text": [Answer([OK])], "/none": [Answer(end="close")]}
    seen = []
    for fast in (False, True):
        with client(fast):
            server.play(script)
            environment = new_visitor().environment
            told: list[Any] = []
            environment.events.request.add_listener(
                lambda told=told, **meta: told.append(
                    (meta["name"], meta["response_length"], repr(meta["exception"]))
                )
            )
            guest = Guest(environment)
            with guest.rest("GET", "/json") as response:
                said = [response.js]
            with guest.rest("POST", "/json", json={"x": 1}) as response:
                assert response.js["a"] == 2, "wrong,"
            for url in ("/text", "/none"):
                with guest.rest("GET", url) as response:
                    said.append(response.js)
            with guest.rest("GET", "/json") as response:
                response.js["missing"]
            with guest.rest_("GET", "/json") as response:
                said.append(response.js)
            requests = [re.sub(rb"_=\d+", b"_=", r.data) for r in server.seen()]
            seen.append((said, told, requests))
    assert seen[0] == seen[1]
    assert len(seen[0][1]) == 6


def test_context_is_asked_for_before_the_request(server: ScriptedServer) -> None:
    class Counting(FastHttpUser):
        host = server.url
        asked = 0

        def context(self) -> dict[str, Any]:
            self.asked += 1
            return {"asked": self.asked, "requests": len(server.seen())}

    seen = []
    for fast in (False, True):
        with client(fast):
            server.play({})
            environment = new_visitor().environment
            told: list[Any] = []
            environment.events.request.add_listener(
                lambda told=told, **meta: told.append(meta["context"])
            )
            user = Counting(environment)
            user.client.get("/a")
            user.client.post("/a", context={"mine": 1})
            seen.append(told)
    assert (
        seen[0]
        == seen[1]
        == [
            {"asked": 1, "requests": 0},
            {"asked": 2, "requests": 1, "mine": 1},
        ]
    )


def test_ordinary_requests_take_the_fast_path(
    server: ScriptedServer, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock = 0
    urlopen = UserAgent.urlopen

    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        nonlocal stock
        stock += 1
        return urlopen(self, *args, **kwargs)

    monkeypatch.setattr(UserAgent, "urlopen", counted)
    login = b"HTTP/1.1 200 OK\r\nSet-Cookie: s=1; Path=/\r\nContent-Length: 2\r\n\r\nok"
    server.play({"/json": [Answer([JSON])], "/login": [Answer([login])]})

    def ask_all() -> None:
        session.get("/a", name="a")
        session.get("/a?b=1", headers={"X": "1"}, auth=("anna", "x"))
        session.post("/json", json={"n": [1]})
        session.put("/a", data="text")
        session.patch("/a", data=b"bytes")
        session.post("/a", data={"form": "yes"})
        session.delete("/a")
        session.options("/a")
        with session.get("/json", catch_response=True) as response:
            assert response.json() == {"a": 1}
            response.failure("no")

    ask_all()
    assert stock == 0
    session.get("/login")
    assert stock == 1
    ask_all()
    assert stock == 1
    assert b"Cookie: s=1" in server.seen()[-1].data
    session.head("/a")
    assert stock == 2


@pytest.mark.parametrize("belongs", [True, False])
def test_what_is_recorded_when_nobody_listens(server: ScriptedServer, belongs: bool) -> None:
    seen = []
    for fast in (False, True):
        with client(fast):
            server.play({"/moved": redirect("/a"), "/closed": [Answer(end="close")]})
            session = new_session(fast, server.url, new_visitor() if belongs else None)
            session.request_event._handlers.clear()
            recorded: list[Any] = []
            session.request_event.record = lambda *args, to=recorded: to.append(args)
            responses = [
                session.get("/a"),
                session.get("/a", name="named"),
                session.post("/abc", json={}),
                session.request("get", "/a", name=7),
                session.get("/moved"),
                session.get("/closed"),
            ]
            with session.rename_request("renamed"):
                responses.append(session.get("/a"))
            with session.get("/a", catch_response=True) as response:
                response.failure("no")
            for method, name, start, took_ms, *_ in recorded:
                assert time.time() - 20 < start < time.time()
                assert 0 < took_ms < 20_000
                assert (type(method), type(name)) == (str, str)
            figures = [(method, name, *rest) for method, name, _, _, *rest in recorded]
            seen.append((figures, [look(response) for response in responses]))
    assert seen[0] == seen[1]
    assert len(seen[0][0]) == 8


def test_a_session_class_of_the_locustfile_is_asked(server: ScriptedServer) -> None:
    import locust.contrib.fasthttp as fasthttp

    with client(fast=True):

        class Mine(fasthttp.FastHttpSession):  # type: ignore[misc]
            def _build_url(self, path: str) -> str:
                return f"{self.base_url}/mine{path}"

        server.play({})
        session = Mine(server.url, new_session(True, server.url).request_event, None)
        assert session.get("/a").text == "/mine/a"
