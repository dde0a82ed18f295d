"""The embedded target's first service: a small OpenAI-compatible gateway to a model that is not
there, but takes its time like one that is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from loadtui.demo.asgi import (
    EVENTS,
    Counts,
    Routes,
    Stats,
    answer_json,
    encode_json,
    read_body,
    wrong,
)
from loadtui.demo.degradation import NO_DEGRADATION, Degradation, with_stall
from loadtui.demo.openai_answers import (
    CHAT,
    MODELS,
    TEXT,
    AnswerShape,
    Ask,
    answer_word,
    finish_reason,
    usage_of,
)
from loadtui.demo.queueing import ServiceTimes, Slots, Work, crowding

SLICE = 8
"""Tokens of an answer sent as a whole that are made before looking how busy the others are."""


def error_body(message: str, kind: str) -> bytes:
    return encode_json({"error": {"message": message, "type": kind}})


class Light:
    """An endpoint with a fixed body and a short service time."""

    def __init__(self, label: str, body: bytes, times: ServiceTimes, slots: Slots, counts: Counts):
        self._label = label
        self._body = body
        self._times = times
        self._slots = slots
        self._counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._counts.add(self._counts.received, self._label)
        async with self._slots:
            await asyncio.sleep(self._times.light())
        await answer_json(send, 200, self._body)
        self._counts.add(self._counts.answered, self._label)


class Completions:
    """An endpoint that makes tokens: sent as a whole, or with `"stream": true` as server-sent
    events, one a token."""

    def __init__(
        self, shape: AnswerShape, times: ServiceTimes, slots: Slots, counts: Counts
    ) -> None:
        self._shape = shape
        self._times = times
        self._slots = slots
        self._counts = counts
        self._number = 0
        self._decoder = msgspec.json.Decoder(shape.ask)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        counts, label = self._counts, self._shape.label
        counts.add(counts.received, label)
        ask = self._asked(await read_body(receive))
        if isinstance(ask, str):
            await answer_json(send, 400, error_body(ask, "invalid_request_error"))
            counts.add(counts.failed, label)
        else:
            work = self._times.completion(ask.prompt_tokens, ask.max_tokens)
            async with self._slots:
                if work.fails:
                    await asyncio.sleep(work.prefill_s)
                elif ask.stream:
                    await self._stream(ask, work, send)
                else:
                    await self._make(work)
            if work.fails:
                await answer_json(send, 503, error_body("Service degraded", "server_error"))
                counts.add(counts.failed, label)
            elif not ask.stream:
                self._number += 1
                document = self._shape.whole(ask, self._number, work.tokens)
                await answer_json(send, 200, encode_json(document))
        counts.add(counts.answered, label)

    def _asked(self, body: bytes | None) -> Ask | str:
        """The decoded request, or in words what is wrong with it."""
        try:
            return self._decoder.decode(body or b"")
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return wrong(error)

    async def _make(self, work: Work) -> None:
        await asyncio.sleep(work.prefill_s)
        left = work.tokens - 1
        while left > 0:
            tokens = min(left, SLICE)
            await asyncio.sleep(tokens * work.token_s * crowding(self._slots.busy))
            left -= tokens

    async def _token_numbers(self, work: Work) -> AsyncIterator[range]:
        """The tokens as they are made.  Those that are late come together, so that the pace holds
        on a busy machine."""
        due = time.perf_counter() + work.prefill_s
        done = 0
        while done < work.tokens:
            early = due - time.perf_counter()
            if early > 0:
                await asyncio.sleep(early)
            now, before = time.perf_counter(), done
            while done < work.tokens and due <= now:
                done += 1
                due += work.token_s * crowding(self._slots.busy)
            yield range(before, done)

    async def _stream(self, ask: Ask, work: Work, send: Send) -> None:
        shape = self._shape
        self._number += 1
        head = shape.head(ask, self._number, shape.chunk_kind)
        await send({"type": "http.response.start", "status": 200, "headers": [EVENTS]})
        async for numbers in self._token_numbers(work):
            body = b"".join(
                _event(shape.chunk(head, answer_word(at) + " ", at == 0, None)) for at in numbers
            )
            await send({"type": "http.response.body", "body": body, "more_body": True})
        last = _event(shape.chunk(head, None, False, finish_reason(ask, work.tokens)))
        if ask.wants_usage:
            last += _event({**head, "choices": [], "usage": usage_of(ask, work.tokens)})
        await send({"type": "http.response.body", "body": last + b"data: [DONE]\n\n"})


def _event(document: object) -> bytes:
    return b"data: " + encode_json(document) + b"\n\n"


def gateway_app(
    seed: int, degradation: Degradation = NO_DEGRADATION, *, slots: int | None = None
) -> ASGIApp:
    """The application, whose model serves `slots` completions at a time.

    Of `degradation` the error rate is the share of completions that are answered with a 503.
    """
    times = ServiceTimes(seed, slow=degradation.slow, error_rate=degradation.error_rate)
    model_slots, light_slots = Slots(slots or times.SLOTS), Slots(times.LIGHT_SLOTS)
    counts = Counts()
    listing = [{"id": name, "object": "model", "owned_by": "loadtui"} for name in MODELS]
    models = encode_json({"object": "list", "data": listing})
    health = encode_json({"status": "ok"})

    def light(label: str, body: bytes) -> Light:
        return Light(label, body, times, light_slots, counts)

    routes = Routes(
        {
            ("POST", CHAT.path): Completions(CHAT, times, model_slots, counts),
            ("POST", TEXT.path): Completions(TEXT, times, model_slots, counts),
            ("GET", "/v1/models"): light("GET /v1/models", models),
            ("GET", "/health"): light("GET /health", health),
            ("GET", "/stats"): Stats(counts, model_slots),
        }
    )
    return with_stall(routes, degradation.stall)
