"""ChatUser against a server that answers as told; on the fast session and on the stock one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import gevent
import pytest
from gevent.event import Event as Happened

from loadtui.users import ChatUser
from loadtui.users import service as service_file
from tests.support.event_streams import DONE, chunk, document, stream, token, tokens, usage
from tests.support.scripted_server import Answer, ScriptedServer
from tests.support.service_users import Noted, failures, new_user
from tests.support.two_clients import IN_FLIGHT, client

CHAT = "/v1/chat/completions"
ENDPOINT = f"POST {CHAT}"
KEY = "sk-proj-abcdefghijklmnop1234"
WHOLE = {
    "choices": [{"index": 0, "message": {"content": "hi you"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2},
}


@pytest.fixture(params=["fast", "stock"])
def session(request: pytest.FixtureRequest) -> Iterator[None]:
    with client(fast=request.param == "fast"):
        yield


def chatter(server: ScriptedServer, *answers: Answer, **attributes: Any) -> Any:
    server.play({CHAT: list(answers)})
    return new_user(ChatUser, server.url, **({"network_timeout": 5.0} | attributes))


@pytest.mark.usefixtures("session")
def test_plain(server: ScriptedServer, noted: Noted) -> None:
    user = chatter(server, document(WHOLE))
    found = user.chat("hello", max_tokens=9)
    assert (found.text, found.output_tokens, found.tokens_from) == ("hi you", 2, "usage")
    assert (found.ttft_ms, found.finish_reason, found.problem) == (None, "stop", "")
    (meta,) = user.told
    assert (meta["request_type"], meta["name"], meta["exception"]) == ("POST", CHAT, None)
    assert found.total_ms == meta["response_time"]
    assert noted.values.keys() == {
        (name, ENDPOINT)
        for name in (
            "output_tokens",
            "tokens_per_second",
            "tokens_from_usage",
            "tokens_from_chunks",
        )
    }
    assert (noted.of("tokens_from_usage"), noted.of("tokens_from_chunks")) == ([2], [0])
    assert noted.of("tokens_per_second") == [pytest.approx(2000 / found.total_ms)]
    (seen,) = server.seen()
    asked = json.loads(seen.data.partition(b"\r\n\r\n")[2])
    assert asked == {
        "model": "gpt-4o-mini",
        "messages": [{"role": "user", "content": "hello"}],
        "max_tokens": 9,
    }


def test_plain_without_usage_has_no_tokens_to_count(server: ScriptedServer, noted: Noted) -> None:
    user = chatter(server, document({**WHOLE, "usage": None}))
    assert user.chat("hello").output_tokens is None
    assert not noted.values
    assert failures(user) == [""]


@pytest.mark.usefixtures("session")
def test_streamed(server: ScriptedServer, noted: Noted) -> None:
    pieces = [*tokens("one", " two", " three"), usage(7), DONE]
    user = chatter(server, stream(*pieces, pause_s=0.03))
    found = user.chat("hello", stream=True)
    assert (found.text, found.problem) == ("one two three", "")
    assert (found.output_tokens, found.tokens_from) == (7, "usage")
    (meta,) = user.told
    assert meta["exception"] is None
    assert meta["response_length"] == sum(map(len, pieces))
    # Head and seven pieces; the first token is the third of them, and [DONE] the last.
    assert found.ttft_ms is not None
    assert 85 < found.ttft_ms < meta["response_time"] - 85
    assert 235 < meta["response_time"] == found.total_ms
    assert noted.of("ttft") == [pytest.approx(found.ttft_ms)]
    assert len(noted.of("inter_token_latency")) == 2
    assert min(noted.of("inter_token_latency")) > 15
    assert (noted.of("tokens_from_usage"), noted.of("tokens_from_chunks")) == ([7], [0])
    (seen,) = server.seen()
    asked = json.loads(seen.data.partition(b"\r\n\r\n")[2])
    assert (asked["stream"], asked["stream_options"]) == (True, {"include_usage": True})


def test_without_usage_chunks_are_counted(server: ScriptedServer, noted: Noted) -> None:
    user = chatter(server, stream(*tokens("a", "b"), DONE), include_usage=False)
    assert user.chat("hello", stream=True).tokens_from == "chunks"
    assert (noted.of("tokens_from_usage"), noted.of("tokens_from_chunks")) == ([0], [2])
    assert b"stream_options" not in server.seen()[0].data


def test_text_completions(server: ScriptedServer, noted: Noted) -> None:
    chunks = [chunk(choices=[{"index": 0, "text": text}]) for text in ("a", "b")]
    server.play({"/v1/completions": [stream(*chunks, DONE)]})
    user = new_user(ChatUser, server.url)
    found = user.complete("once upon", stream=True, name="tale")
    assert (found.text, found.output_tokens, found.problem) == ("ab", 2, "")
    assert ("ttft", "POST tale") in noted.values


@pytest.mark.usefixtures("session")
def test_one_connection_serves_streams_and_others(server: ScriptedServer) -> None:
    whole = stream(*tokens("a"), DONE)
    late = stream(*tokens("a"), DONE, pause_s=0.02)
    refusal = document({"error": "no"}, "503 Busy")
    user = chatter(server, document(WHOLE), whole, late, document(WHOLE), refusal, whole)
    for streamed in (False, True, True, False, True, True):
        user.chat("hello", stream=streamed)
    assert [seen.connection for seen in server.seen()] == [0] * 6
    assert failures(user) == ["", "", "", "", "503 Service Unavailable: no", ""]


@pytest.mark.usefixtures("session")
def test_a_stream_that_was_given_up_costs_its_connection(server: ScriptedServer) -> None:
    wrong = stream(token("a"), chunk(error="out of memory"), token("b"), end="hang", whole=False)
    user = chatter(server, wrong, stream(*tokens("a"), DONE))
    user.chat("hello", stream=True)
    user.chat("hello", stream=True)
    assert [seen.connection for seen in server.seen()] == [0, 1]
    assert failures(user) == ["error event in the stream: out of memory", ""]


GOOD = {
    "comments": stream(b": OPENROUTER PROCESSING\n\n", *tokens("a", "b"), b": x\n", DONE),
    "CRLF": stream(*(p.replace(b"\n", b"\r\n") for p in (*tokens("a", "b"), DONE))),
    "CR": stream(*(p.replace(b"\n", b"\r") for p in (*tokens("a", "b"), DONE))),
    "BOM": stream(b"\xef\xbb\xbf", *tokens("a", "b"), DONE),
    "data over lines": stream(
        token("a"), b'data: {"choices":\ndata: [{"delta":\ndata: {"content": "b"}}]}\n\n', DONE
    ),
    "events cut anywhere": stream(*[b"%c" % byte for byte in b"".join([*tokens("a", "b"), DONE])]),
    "all at once": stream(b"".join([*tokens("a", "b"), DONE])),
    "no [DONE]": stream(*tokens("a", "b")),
    "no [DONE], until the connection closes": Answer(
        [b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", *tokens("a", "b")],
        end="close",
    ),
    "[DONE], then cut": stream(*tokens("a", "b"), DONE, end="reset", whole=False),
    "no finish_reason": stream(token("a"), token("b"), DONE),
    "null and unknown parts": stream(
        token("a"), chunk(choices=None, usage=None, error=None, ping=1), token("b"), DONE
    ),
}


@pytest.mark.parametrize("answer", GOOD.values(), ids=GOOD)
def test_streams_that_are_whole(server: ScriptedServer, answer: Answer) -> None:
    user = chatter(server, answer)
    found = user.chat("hello", stream=True)
    assert failures(user) == [""]
    assert (found.text, found.output_tokens) == ("ab", 2)


CLOSED = "the stream was cut off: the connection was closed"
BAD = {
    "cut within a token": (
        stream(token("a"), token("b")[:-9], end="close", whole=False),
        CLOSED,
    ),
    "reset": (
        stream(token("a"), end="reset", whole=False, pause_s=0.02),
        "the stream was cut off: the connection was reset",
    ),
    "cut after the last token": (stream(*tokens("a"), end="close", whole=False), CLOSED),
    "no end, in good order": (
        stream(token("a"), token("b")),
        "the stream was cut off: neither [DONE] nor a finish_reason came",
    ),
    "end within an event": (
        stream(token("a"), token("b")[:-1]),
        "the stream was cut off within an event",
    ),
    "no blank line after [DONE]": (
        stream(token("a"), DONE[:-1]),
        "the stream was cut off within an event",
    ),
    "nothing at all": (stream(), "the stream ended without any event"),
    "no token": (stream(*tokens(), DONE), "the stream ended without a token"),
    "error in mid-stream": (
        stream(
            token("a"),
            chunk(error={"message": "CUDA out of memory", "type": "server_error", "code": 500}),
            DONE,
        ),
        "error event in the stream: server_error: CUDA out of memory",
    ),
    "event of the kind error": (
        stream(token("a"), b'event: error\ndata: {"reason": "overloaded"}\n\n'),
        "error event in the stream",
    ),
    "not JSON": (stream(token("a"), b"data: oops\n\n"), "an event in the stream is not JSON"),
    "no completion": (
        stream(token("a"), b'data: ["a"]\n\n'),
        "an event in the stream is no completion",
    ),
    "200 with an error": (
        document({"error": {"message": "no such model", "type": "NotFound", "code": None}}),
        "200 with an error: NotFound: no such model",
    ),
    "200 with an error, as vLLM writes it": (
        document({"object": "error", "message": "too long", "type": "BadRequestError"}),
        "200 with an error: BadRequestError: too long",
    ),
    "no stream": (document(WHOLE), "asked for a stream, got application/json"),
    "refusal of the model": (
        stream(token(refusal="I can't"), token(finish_reason="stop"), DONE),
        "the model refused to answer",
    ),
    "content filter": (
        stream(token("a"), token(finish_reason="content_filter"), DONE),
        "the content filter stopped the answer",
    ),
    "silence": (
        stream(token("a"), end="hang", whole=False),
        "the stream was cut off: nothing came for 0.2 s",
    ),
    "503 in HTML": (document(b"<h1>busy</h1>", "503 x"), "503 Service Unavailable"),
    "refused connection": (Answer(end="close"), "HTTPConnectionClosed('connection closed.')"),
    "silence before the head": (Answer(end="hang"), "no answer: nothing came for 0.2 s"),
}


@pytest.mark.parametrize(("answer", "said"), BAD.values(), ids=BAD)
def test_streams_that_fail(server: ScriptedServer, noted: Noted, answer: Answer, said: str) -> None:
    user = chatter(server, answer, network_timeout=0.2)
    assert user.chat("hello", stream=True).problem == said
    assert failures(user) == [said]
    assert not noted.of("output_tokens")
    assert len(noted.of("ttft")) <= 1


PLAIN = {
    "not JSON": (document(b"ok"), "the answer is not JSON"),
    "no completion": (document(["a"]), "the answer is no completion"),
    "no choices": (document({}), "no choices in the answer"),
    "no choice": (document({"choices": []}), "no choices in the answer"),
    "empty": (document({"choices": [{"message": {"content": ""}}]}), "the answer is empty"),
    "200 with an error": (document({"error": "no such model"}), "200 with an error: no such model"),
    "refusal": (
        document({"choices": [{"message": {"content": None, "refusal": "no"}}]}),
        "the model refused to answer",
    ),
    "silence": (Answer(end="hang"), "no answer: nothing came for 0.2 s"),
    "502 of a proxy": (document(b"<html>", "502 Bad"), "502 Bad Gateway"),
    "cut": (
        Answer([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"], end="close"),
        "HTTPParseError('Incomplete response.')",
    ),
}


@pytest.mark.parametrize(("answer", "said"), PLAIN.values(), ids=PLAIN)
def test_plain_answers_that_fail(server: ScriptedServer, answer: Answer, said: str) -> None:
    user = chatter(server, answer, network_timeout=0.2)
    assert user.chat("hello").problem == said
    assert failures(user) == [said]


def test_slow_tokens_are_not_silence(server: ScriptedServer) -> None:
    """Each wait is shorter than the timeout, all of them together are longer."""
    slow = stream(*tokens("a", "b"), DONE, pause_s=0.1)
    user = chatter(server, slow, network_timeout=0.4)
    assert user.chat("hello", stream=True).problem == ""
    user.stream_timeout_s = 0.25
    assert user.chat("hello", stream=True).problem == "the stream went on for more than 0.25 s"
    assert user.told[-1]["response_time"] < 600


def test_a_check_of_ones_own(server: ScriptedServer, noted: Noted) -> None:
    user = chatter(server, stream(*tokens("a"), DONE))
    found = user.chat("?", stream=True, check=lambda found: f"said {found.text}")
    assert failures(user) == [found.problem] == ["said a"]
    assert not noted.of("output_tokens")


TOO_MANY = {"error": {"message": "slow down", "code": "rate_limit_exceeded"}}


@pytest.mark.parametrize("streamed", [False, True])
def test_retry_after_is_said_and_honoured_where_wanted(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, streamed: bool
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(service_file.gevent, "sleep", slept.append)
    refusal = document(TOO_MANY, "429 Too Many Requests", "Retry-After: 20")
    user = chatter(server, refusal, refusal, refusal, document(WHOLE))
    user.chat("hello", stream=streamed)
    assert not slept
    user.honour_retry_after = True
    user.chat("hello", stream=streamed)
    user.longest_retry_after_s = 3.0
    user.chat("hello", stream=streamed)
    user.chat("hello")
    assert slept == [20, 3]
    said = "429 Too Many Requests, retry after 20 s: rate_limit_exceeded: slow down"
    assert failures(user) == [said, said, said, ""]


@pytest.mark.parametrize("streamed", [False, True])
def test_the_key_is_sent_and_never_said(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, streamed: bool
) -> None:
    told = {"error": {"message": f"Incorrect API key: {KEY}, {KEY[:8]}***34", "code": "bad_key"}}
    refusals = [document(told, "401 Unauthorized"), document(told), stream(chunk(**told))]
    monkeypatch.setenv("OPENAI_API_KEY", f" {KEY}\n")
    user = chatter(server, *refusals)
    for _ in refusals:
        user.chat("hello", stream=streamed)
    assert all(f"Bearer {KEY}\r\n".encode() in seen.data for seen in server.seen())
    said = failures(user)
    assert said[0] == (
        "401 Unauthorized: bad_key: Incorrect API key: (key), (key) "
        "(OPENAI_API_KEY was not accepted)"
    )
    assert said[1] == "200 with an error: bad_key: Incorrect API key: (key), (key)"
    assert not any("abcd" in text for text in said)


def test_a_key_that_cannot_be_sent_is_said_where_the_class_is_made(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "two\nlines")
    with pytest.raises(ValueError, match="OPENAI_API_KEY holds characters that no key has"):
        chatter(server)


def test_without_a_key_none_is_sent(server: ScriptedServer) -> None:
    user = chatter(server, document(b"", "401 Unauthorized"))
    user.chat("hello")
    assert b"uthorization" not in server.seen()[0].data
    assert failures(user) == ["401 Unauthorized (OPENAI_API_KEY is not set)"]


def test_a_user_killed_in_mid_stream_counts_as_unfinished(server: ScriptedServer) -> None:
    with client(fast=True):
        user = chatter(server, stream(token("a"), end="hang", whole=False))
        begun = Happened()
        events_seen = IN_FLIGHT.killed
        greenlet = gevent.spawn(lambda: (begun.set(), user.chat("hello", stream=True)))
        assert begun.wait(1)
        gevent.sleep(0.1)
        assert IN_FLIGHT.now == 1
        greenlet.kill()
        assert (IN_FLIGHT.now, IN_FLIGHT.killed) == (0, events_seen + 1)
        assert user.told == []
