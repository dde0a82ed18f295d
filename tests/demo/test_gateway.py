"""The gateway: answers and streams as OpenAI's interface has them, in the time its model takes."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from loadtui.demo.degradation import Degradation
from loadtui.demo.gateway import gateway_app
from loadtui.demo.queueing import CROWDING, ServiceTimes

CHAT = {"model": "demo-small", "messages": [{"role": "user", "content": "Say hello."}]}
TEXT = {"model": "demo-small", "prompt": "Once upon a time"}


def test_text_completions_are_whole_or_streamed(ask) -> None:
    app = gateway_app(1)
    whole = asyncio.run(ask(app, "POST", "/v1/completions", TEXT | {"max_tokens": 3}))
    assert whole.status == 200
    assert whole.document["object"] == "text_completion"
    assert whole.document["choices"][0]["text"] == "a load test"
    assert whole.document["usage"]["prompt_tokens"] == 4
    streamed = asyncio.run(
        ask(app, "POST", "/v1/completions", TEXT | {"max_tokens": 3, "stream": True})
    )
    *chunks, last, done = streamed.events
    assert [json.loads(chunk)["choices"][0]["text"] for chunk in chunks] == ["a ", "load ", "test "]
    assert json.loads(last)["choices"][0]["finish_reason"] == "length"
    assert done == "[DONE]"


def test_usage_comes_last_in_a_stream_that_asks_for_it(ask) -> None:
    app = gateway_app(1)
    plain = CHAT | {"stream": True, "max_tokens": 5}
    without = asyncio.run(ask(app, "POST", "/v1/chat/completions", plain))
    assert not any('"usage"' in event for event in without.events)
    asked = plain | {"stream_options": {"include_usage": True}}
    events = asyncio.run(ask(app, "POST", "/v1/chat/completions", asked)).events
    usage = json.loads(events[-2])
    assert usage["choices"] == []
    assert usage["usage"] == {"prompt_tokens": 2, "completion_tokens": 5, "total_tokens": 7}
    assert events[-1] == "[DONE]"


def test_tokens_come_one_by_one_at_their_time(ask) -> None:
    """A stream takes as long as its work says, and more than one part is sent."""
    work = ServiceTimes(7, slow=10).completion(2)
    app = gateway_app(7, Degradation(slow=10))
    begun = time.perf_counter()
    answer = asyncio.run(ask(app, "POST", "/v1/chat/completions", CHAT | {"stream": True}))
    took = time.perf_counter() - begun
    assert took >= work.total_s()
    assert len(answer.parts) > work.tokens / 2
    assert len(answer.events) == work.tokens + 2


def test_a_whole_answer_takes_as_long_as_a_streamed_one(ask) -> None:
    work = ServiceTimes(7, slow=10).completion(2)
    begun = time.perf_counter()
    asyncio.run(ask(gateway_app(7, Degradation(slow=10)), "POST", "/v1/chat/completions", CHAT))
    assert time.perf_counter() - begun >= work.total_s()


def test_busy_slots_make_each_other_slower(ask) -> None:
    """The first of many at once takes longer than it would alone."""

    async def steps(count: int) -> float:
        app = gateway_app(7, Degradation(slow=5))
        begun = time.perf_counter()
        first = asyncio.ensure_future(ask(app, "POST", "/v1/chat/completions", CHAT))
        others = [
            asyncio.ensure_future(ask(app, "POST", "/v1/chat/completions", CHAT))
            for _ in range(count - 1)
        ]
        await first
        took = time.perf_counter() - begun
        await asyncio.gather(*others)
        return took

    work = ServiceTimes(7, slow=5).completion(2)
    decode_s = work.total_s() - work.prefill_s
    took = asyncio.run(steps(20))
    # Of 20 some are still at their prompt, and some finish before; half of them is certain.
    assert took > work.total_s() + decode_s * CROWDING * 5


def test_the_same_seed_answers_alike(ask) -> None:
    def tokens(seed: int) -> list[int]:
        app = gateway_app(seed, Degradation(slow=0.01))
        return [
            asyncio.run(ask(app, "POST", "/v1/completions", TEXT)).document["usage"][
                "completion_tokens"
            ]
            for _ in range(20)
        ]

    assert tokens(3) == tokens(3)
    assert tokens(3) != tokens(4)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/chat/completions", 405), ("POST", "/nowhere", 404), ("GET", "/v1/models", 200)],
)
def test_what_there_is_not_is_refused(ask, method: str, path: str, status: int) -> None:
    assert asyncio.run(ask(gateway_app(1), method, path)).status == status


def test_a_streamed_request_fails_with_a_status_too(ask) -> None:
    app = gateway_app(1, Degradation(error_rate=1.0))
    answer = asyncio.run(ask(app, "POST", "/v1/chat/completions", CHAT | {"stream": True}))
    assert answer.status == 503
    assert answer.document["error"]["message"] == "Service degraded"
