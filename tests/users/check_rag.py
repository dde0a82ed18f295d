"""RagUser against a server that answers as told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from loadtui.users import RagUser
from tests.support.event_streams import document
from tests.support.scripted_server import Answer, ScriptedServer
from tests.support.service_users import Noted, failures, new_user

FOUND = {"results": [{"id": "a", "score": 2.0, "text": "x"}, {"id": "b", "score": 1.0}]}
DOCUMENTS = [{"id": "a", "text": "x"}, {"id": "b", "text": "y"}]


def searcher(server: ScriptedServer, *answers: Answer, **attributes: Any) -> Any:
    server.play({"/query": list(answers), "/index": list(answers)})
    return new_user(RagUser, server.url, **({"network_timeout": 0.2} | attributes))


def test_query(server: ScriptedServer, noted: Noted) -> None:
    user = searcher(server, document({**FOUND, "took_ms": 3}))
    found = user.query("why", top_k=2, filter={"lang": "en"})
    assert [hit.id for hit in found.hits] == ["a", "b"]
    (meta,) = user.told
    assert (meta["request_type"], meta["name"], meta["exception"]) == ("POST", "/query", None)
    assert (found.took_ms, found.total_ms) == (3, meta["response_time"])
    asked = json.loads(server.seen()[0].data.partition(b"\r\n\r\n")[2])
    assert asked == {"query": "why", "top_k": 2, "filter": {"lang": "en"}}
    assert noted.values == {
        ("qdrant_timeout_rate", "POST /query"): [False],
        ("degraded_rate", "POST /query"): [False],
    }


def test_index(server: ScriptedServer) -> None:
    user = searcher(server, document({"indexed": 2}), document({"indexed": 1}), document([]))
    assert user.index(DOCUMENTS).indexed == 2
    user.index(DOCUMENTS)
    user.index(DOCUMENTS)
    assert failures(user) == [
        "",
        "not all documents were indexed",
        "the answer does not say how many were indexed",
    ]
    asked = json.loads(server.seen()[0].data.partition(b"\r\n\r\n")[2])
    assert asked == {"documents": DOCUMENTS}


@pytest.mark.parametrize(
    ("answer", "said", "timed_out", "degraded"),
    [
        (
            document({"detail": "too busy"}, "503 Service Unavailable"),
            "degraded: 503 Service Unavailable: too busy",
            False,
            True,
        ),
        (
            document({"detail": "the vector store timed out"}, "504 x"),
            "504 Gateway Timeout: the vector store timed out",
            True,
            False,
        ),
        (Answer(end="hang"), "no answer: nothing came for 0.2 s", True, False),
        (
            Answer([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"], end="hang"),
            "no answer: nothing came for 0.2 s",
            True,
            False,
        ),
        (Answer(end="close"), "HTTPConnectionClosed('connection closed.')", False, False),
        (document({"error": "no collection"}), "200 with an error: no collection", False, False),
        (document(b"ok"), "the answer is not JSON", False, False),
        (document({"results": []}), "no results", False, False),
        (
            document("x", "429 x", "Retry-After: 7"),
            "429 Too Many Requests, retry after 7 s",
            *[0] * 2,
        ),
    ],
)
def test_failures(
    server: ScriptedServer,
    noted: Noted,
    answer: Answer,
    said: str,
    timed_out: bool,
    degraded: bool,
) -> None:
    user = searcher(server, answer)
    assert user.query("why").problem == said
    assert failures(user) == [said]
    assert noted.of("qdrant_timeout_rate") == [timed_out]
    assert noted.of("degraded_rate") == [degraded]


def test_a_check_of_ones_own(server: ScriptedServer) -> None:
    user = searcher(server, document(FOUND))
    user.query("why", check=lambda hits: "" if hits[0].id == "b" else "the wrong one is first")
    user.query("why", top_k=1, name="single")
    assert failures(user) == ["the wrong one is first", "more results than were asked for"]
    assert user.told[1]["name"] == "single"


def test_the_key_is_sent(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_API_KEY", "qdrant-key-1")
    user = searcher(server, document(FOUND))
    user.query("why")
    assert b"Authorization: Bearer qdrant-key-1\r\n" in server.seen()[0].data
