"""McpUser against a server that answers as told; on the fast session and on the stock one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gevent
import pytest

from loadtui.users import McpUser
from loadtui.users import mcp_session as session_file
from tests.support.event_streams import document, stream
from tests.support.mcp_answers import (
    ACCEPTED,
    GONE,
    SESSION,
    asked,
    error,
    event,
    events,
    result,
    said,
    sent,
    welcome,
)
from tests.support.mcp_server import McpServer
from tests.support.scripted_server import Answer, ScriptedServer
from tests.support.service_users import Noted, failures, new_user
from tests.support.two_clients import IN_FLIGHT, client
from tests.support.waiting import wait_until

TOKEN = "token-of-the-test-1234"
MB_10 = 10_000_000


@pytest.fixture(params=["fast", "stock"])
def session(request: pytest.FixtureRequest) -> Iterator[None]:
    with client(fast=request.param == "fast"):
        yield


def agent(server: ScriptedServer, *answers: Answer, **attributes: Any) -> Any:
    server.play({"/mcp": list(answers)})
    return new_user(McpUser, server.url, **({"network_timeout": 5.0} | attributes))


def names(user: Any) -> list[str]:
    return [f"{meta['request_type']} {meta['name']}" for meta in user.told]


@pytest.mark.usefixtures("session")
def test_a_session_from_beginning_to_end(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MCP_TOKEN", TOKEN)
    tool = {"name": "echo", "inputSchema": {"type": "object"}}
    answer = document(said(3, "hi", structuredContent={"a": 1}))
    user = agent(server, *welcome(), document(result(2, tools=[tool])), answer, ACCEPTED)
    user.on_start()
    found = user.call_tool("echo", {"text": "hi"})
    user.on_stop()
    assert (found.ok, found.text, found.structured, found.error) == (True, "hi", {"a": 1}, "")
    assert user.tools == [tool]
    assert names(user) == ["MCP initialize", "MCP tools/list", "MCP echo"]
    assert failures(user) == ["", "", ""]
    assert user.told[2]["response_length"] == len(answer.pieces[0].partition(b"\r\n\r\n")[2])
    requests = sent(server)
    assert [request.calls for request in requests] == [
        "POST initialize",
        "POST notifications/initialized",
        "POST tools/list",
        "POST tools/call",
        "DELETE",
    ]
    assert requests[0].body["params"]["protocolVersion"] == "2025-11-25"
    assert requests[3].body == {
        "jsonrpc": "2.0",
        "id": 3,
        "method": "tools/call",
        "params": {"name": "echo", "arguments": {"text": "hi"}},
    }
    assert "mcp-session-id" not in requests[0].headers
    for number, request in enumerate(requests):
        headers = request.headers
        assert headers["authorization"] == f"Bearer {TOKEN}"
        if request.method == "POST":
            assert headers["accept"] == "application/json, text/event-stream"
            assert headers["content-type"] == "application/json"
        if number:
            assert headers["mcp-session-id"] == "one"
            assert headers["mcp-protocol-version"] == "2025-11-25"


@pytest.mark.usefixtures("session")
def test_requests_of_the_server_are_answered_in_mid_stream(server: ScriptedServer) -> None:
    class Rooted(McpUser):
        abstract = True

        def reply(self, method: str, params: dict[str, Any]) -> dict[str, Any] | None:
            return {"roots": [params]} if method == "roots/list" else None

    heard = [
        {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progress": 1}},
        asked("p", "ping"),
        asked(7, "roots/list", a=1),
        asked(8, "sampling/createMessage"),
        said(2, "done"),
    ]
    answers = [*welcome(), events(*heard), ACCEPTED, ACCEPTED, ACCEPTED]
    server.play({"/mcp": answers})
    user = new_user(Rooted, server.url)
    assert user.call_tool("work").text == "done"
    assert failures(user) == ["", ""]
    assert [request.body for request in sent(server)[3:]] == [
        {"jsonrpc": "2.0", "id": "p", "result": {}},
        {"jsonrpc": "2.0", "id": 7, "result": {"roots": [{"a": 1}]}},
        {"jsonrpc": "2.0", "id": 8, "error": {"code": -32601, "message": "Method not found"}},
    ]


@pytest.mark.usefixtures("session")
def test_a_session_that_is_gone_is_opened_anew_and_the_call_repeated(
    server: ScriptedServer, noted: Noted
) -> None:
    answers = [*welcome(), GONE, *welcome(3, "2025-11-25", "Mcp-Session-Id: two")]
    user = agent(server, *answers, events(said(4, "again")))
    assert user.call_tool("echo").text == "again"
    assert names(user) == ["MCP initialize", "MCP initialize", "MCP echo"]
    assert failures(user) == ["", "", ""]
    requests = sent(server)
    assert "mcp-session-id" not in requests[3].headers
    assert requests[5].headers["mcp-session-id"] == "two"
    assert requests[5].body["params"] == requests[2].body["params"]
    assert noted.of("mcp_sessions_expired") == [1]


def test_a_session_that_is_gone_again_is_a_failure(server: ScriptedServer) -> None:
    user = agent(server, *welcome(), GONE, *welcome(3), GONE)
    assert user.call_tool("echo").error == "404 Not Found: Session not found"
    assert failures(user) == ["", "", "404 Not Found: Session not found"]


def test_a_session_that_cannot_be_opened_anew(server: ScriptedServer) -> None:
    busy = document(b"", "503 Service Unavailable")
    user = agent(server, *welcome(), GONE, busy)
    assert not user.call_tool("echo").ok
    assert user.call_tool("echo").error == "there is no session"
    assert names(user) == ["MCP initialize", "MCP initialize", "MCP echo", "MCP initialize"]
    no = "503 Service Unavailable"
    assert failures(user) == ["", no, "404 Not Found: Session not found", no]


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26", "2025-06-18"])
def test_an_older_version_is_spoken_where_it_is_known(server: ScriptedServer, version: str) -> None:
    user = agent(server, *welcome(1, version), document(said(2, "hi")))
    assert user.call_tool("echo").ok
    assert sent(server)[2].headers["mcp-protocol-version"] == version


def test_a_version_that_is_not_known_ends_the_session(server: ScriptedServer) -> None:
    user = agent(server, welcome(1, "1999-01-01")[0], ACCEPTED)
    assert not user.initialize()
    known = "2024-11-05, 2025-03-26, 2025-06-18, 2025-11-25"
    assert failures(user) == [f"protocol version '1999-01-01' is none of {known}"]
    assert [request.calls for request in sent(server)] == ["POST initialize", "DELETE"]


def test_a_server_without_sessions(server: ScriptedServer) -> None:
    user = agent(server, *welcome(1, "2025-06-18", "X: y"), GONE)
    assert user.call_tool("echo").error == "404 Not Found: Session not found"
    user.on_stop()
    requests = sent(server)
    assert [r.calls for r in requests][2:] == ["POST tools/call"], "nothing to open or to end"
    assert "mcp-session-id" not in requests[2].headers


def test_a_handshake_that_is_not_finished(server: ScriptedServer) -> None:
    user = agent(server, welcome()[0], document(b"", "500 x"), ACCEPTED)
    assert not user.initialize()
    assert failures(user) == ["notifications/initialized: 500 Internal Server Error"]
    user = agent(
        server, document(result(1, protocolVersion="2025-11-25"), "200 OK", SESSION + " é")
    )
    assert not user.initialize()
    assert failures(user) == ["the session id is not of visible ASCII characters"]


HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p/>"
CUT = "the event stream ended without an answer"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (document(said(9, "x")), "the answer has another id than the request"),
        (document(said("2", "x")), "the answer has another id than the request"),
        (events(said(9, "x")), "the answer has another id than the request"),
        (document(error(2, -32602, "bad path")), "JSON-RPC error -32602: bad path"),
        (document(error(None, -32700, "what?")), "JSON-RPC error -32700: what?"),
        (events(error(2, -32603, "oops")), "JSON-RPC error -32603: oops"),
        (document(said(2, "no such file\nx", isError=True)), "tool error: no such file x"),
        (document(result(2, content=[], isError=True)), "tool error"),
        (document(result(2)), "the answer has no list of content"),
        (document({"jsonrpc": "2.0", "id": 2}), "the answer has neither a result nor an error"),
        (document({"jsonrpc": "1.0"}), "the answer is not a JSON-RPC message"),
        (document(asked(5, "notifications/x") | {"id": None}), "there is no answer in the body"),
        (document(b"{"), "the answer is not JSON"),
        (stream(b"data: {\n\n"), "the answer is not JSON"),
        (ACCEPTED, "neither JSON nor an event stream: 202 without a content type"),
        (Answer([HTML]), "the answer is neither JSON nor an event stream: 200 text/html"),
        (stream(b": nothing\n\n"), CUT),
        (stream(event(said(2, "x"))[:-6]), CUT),
        (stream(b": a\n\n", end="close", whole=False), "no answer: the connection was closed"),
        (Answer(end="close"), "no answer: HTTPConnectionClosed('connection closed.')"),
        (stream(b": a\n\n", end="hang", whole=False), "no answer: nothing came for 0.3 s"),
        (Answer(end="hang"), "no answer: nothing came for 0.3 s"),
        (document(b"", "401 Unauthorized"), "401 Unauthorized (MCP_TOKEN is not set)"),
        (
            document(error(None, 1, "slow down"), "429 x", "Retry-After: 7"),
            "429 Too Many Requests, retry after 7 s: slow down",
        ),
        (document(b"", "302 Found"), "302 Found"),
    ],
)
@pytest.mark.usefixtures("session")
def test_what_goes_wrong_with_a_call(server: ScriptedServer, answer: Answer, reason: str) -> None:
    user = agent(server, *welcome(), answer, document(said(3, "fine")), network_timeout=0.3)
    found = user.call_tool("echo")
    assert (found.ok, reason in found.error) == (False, True), found.error
    assert failures(user) == ["", found.error]
    assert user.call_tool("echo").ok, "and the session goes on"


def test_retry_after_is_told_and_honoured(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested: list[float] = []
    monkeypatch.setattr("loadtui.users.service.gevent.sleep", rested.append)
    busy = document(b"", "429 x", "Retry-After: 7")
    user = agent(server, *welcome(), busy, document(said(3, "x")), honour_retry_after=True)
    assert user.call_tool("echo").retry_after_s == 7
    assert user.call_tool("echo").ok
    assert rested == [7]


def test_a_check_of_the_result(server: ScriptedServer) -> None:
    user = agent(server, *welcome(), document(said(2, "")))
    found = user.call_tool("read", name="read it", check=lambda r: "" if r.text else "empty")
    assert (found.ok, found.error) == (False, "empty")
    assert (names(user)[1], failures(user)[1]) == ("MCP read it", "empty")


@pytest.mark.parametrize(
    ("answer", "reason", "violations"),
    [
        (document(said(2, "it is outside the sandbox", isError=True)), "", [0]),
        (document(error(2, -32602, "no")), "", [0]),
        (document(said(2, "root:x:0")), "the tool reached outside its sandbox", [0, 1]),
        (document(b"", "503 x"), "503 Service Unavailable", [0]),
    ],
)
def test_a_call_that_has_to_be_refused(
    server: ScriptedServer, noted: Noted, answer: Answer, reason: str, violations: list[int]
) -> None:
    user = agent(server, *welcome(), answer)
    user.call_outside("read_file", {"path": "../../etc/passwd"})
    assert (names(user)[1], failures(user)[1]) == ("MCP read_file (outside)", reason)
    assert noted.of("sandbox_violations") == violations


def test_all_pages_of_the_list_of_tools(server: ScriptedServer) -> None:
    first = result(2, tools=[{"name": "a"}], nextCursor="x")
    user = agent(server, *welcome(), document(first), document(result(3, tools=[{"name": "b"}])))
    assert [tool["name"] for tool in user.list_tools()] == ["a", "b"]
    assert sent(server)[3].body["params"] == {"cursor": "x"}
    user = agent(server, *welcome(), document(result(2)))
    assert user.list_tools() == []
    assert failures(user)[1] == "the answer has no list of tools"


def test_a_batch_of_an_older_server(server: ScriptedServer) -> None:
    batch = [asked("p", "ping"), said(2, "x")]
    user = agent(server, *welcome(1, "2025-03-26"), document(batch), ACCEPTED)
    assert user.call_tool("echo").text == "x"


def test_a_stream_that_ends_early_is_taken_up_again(server: ScriptedServer) -> None:
    begun = stream(b"id: 41\nretry: 1\ndata:\n\n", event({"jsonrpc": "2.0", "method": "n"}, "42"))
    lost = stream(b": still\n\n", end="close", whole=False)
    user = agent(server, *welcome(), begun, lost, events(said(2, "at last")))
    assert user.call_tool("work").text == "at last"
    requests = sent(server)
    assert [request.calls for request in requests[3:]] == ["GET", "GET"]
    assert {request.headers["last-event-id"] for request in requests[3:]} == {"42"}
    assert requests[3].headers["accept"] == "text/event-stream"
    assert requests[3].headers["mcp-session-id"] == "one"


def test_a_stream_that_cannot_be_taken_up_again(server: ScriptedServer) -> None:
    begun = stream(b"id: 41\nretry: 1\ndata:\n\n")
    user = agent(server, *welcome(), begun, document(b"", "405 Method Not Allowed"))
    assert user.call_tool("work").error == "405 Method Not Allowed"
    user = agent(server, *welcome(), begun)
    assert user.call_tool("work").error == CUT
    assert len(sent(server)) == 3 + session_file.RESUMES


def test_the_standing_stream_is_kept_open_and_answered(server: ScriptedServer) -> None:
    first = stream(b"id: 5\nretry: 1\ndata:\n\n", event(asked("p", "ping")), b"data: {\n\n")
    cut = stream(b": a\n\n", end="close", whole=False)
    answers = [*welcome(), first, ACCEPTED, cut, document(b"", "405 x")]
    user = agent(server, *answers, listens=True)
    assert user.initialize()
    with gevent.Timeout(5):
        user.session._listener._greenlet.join()
    requests = sent(server)[2:]
    assert [request.calls for request in requests] == ["GET", "POST answer", "GET", "GET"]
    assert requests[1].body == {"jsonrpc": "2.0", "id": "p", "result": {}}
    assert [r.headers.get("last-event-id") for r in requests if not r.body] == [None, "5", "5"]
    assert names(user) == ["MCP initialize"], "nothing of it is a statistic"


def test_the_official_server_asks_on_the_standing_stream() -> None:
    with McpServer() as official, client(fast=True):
        user = new_user(McpUser, official.url, listens=True)
        user.on_start()
        wait_until(lambda: "GET /mcp 200" in official.stats()["statuses"], "a standing stream")
        before = IN_FLIGHT.now
        assert user.call_tool("ask_beside").text == "asked"
        assert before == 0, "to wait for the server is no request"
        user.on_stop()
        assert IN_FLIGHT.now == 0
        counted = official.stats()
    assert failures(user) == ["", "", ""]
    assert (counted["answers"], counted["sessions"]) == ({"beside": 1}, 0)


@pytest.mark.parametrize("kind", ["json", "one event", "many notices"])
def test_ten_megabytes(server: ScriptedServer, kind: str) -> None:
    line = "x" * 100_000
    notice = {"jsonrpc": "2.0", "method": "notifications/message", "params": {"data": line}}
    answer = {
        "json": lambda: document(said(2, "x" * MB_10)),
        "one event": lambda: events(said(2, "x" * MB_10)),
        "many notices": lambda: events(*[notice] * 100, said(2, "done")),
    }[kind]()
    user = agent(server, *welcome(), answer, document(said(3, "fine")))
    found = user.call_tool("big")
    assert found.ok
    assert len(found.text) == (4 if kind == "many notices" else MB_10)
    assert user.told[1]["response_length"] > MB_10
    assert user.call_tool("big").ok


@pytest.mark.usefixtures("session")
def test_what_comes_after_the_answer_is_not_in_its_time(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_file, "BODY_END_S", 0.3)
    open_end = events(said(2, "x"), end="hang", whole=False)
    user = agent(server, *welcome(), open_end, document(said(3, "fine")))
    assert user.call_tool("echo").ok
    assert user.told[1]["response_time"] < 250
    assert user.call_tool("echo").ok
    first, *_, last = (seen.connection for seen in server.seen())
    assert first != last, "the connection that stayed busy is not used again"


def test_a_user_killed_within_a_stream_counts_as_killed(server: ScriptedServer) -> None:
    with client(fast=True):
        user = agent(server, *welcome(), stream(b": a\n\n", end="hang", whole=False))
        assert user.initialize()
        before = IN_FLIGHT.killed
        greenlet = gevent.spawn(user.call_tool, "echo")
        wait_until(lambda: len(server.seen()) == 3 and IN_FLIGHT.now, "a request in flight")
        gevent.sleep(0.05)  # past the head, into the body
        greenlet.kill()
        assert (IN_FLIGHT.killed - before, IN_FLIGHT.now) == (1, 0)
        assert names(user) == ["MCP initialize"]
