"""The embedded target's application: a small OpenAI-compatible gateway.

Endpoints are bare ASGI callables below Starlette's router, because request and response objects
would cost more than everything else the gateway does.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from loadtui.demo.queueing import ServiceTimes, Slots, Work

MODELS = ("demo-small", "demo-large")
MAX_BODY = 1_000_000
WORDS = ("a", "load", "test", "asks", "how", "a", "service", "behaves", "when", "many", "use", "it")

_JSON = (b"content-type", b"application/json")
_EVENTS = (b"content-type", b"text/event-stream")


def encode(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


async def answer(send: Send, status: int, body: bytes) -> None:
    headers = [_JSON, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def error_body(message: str, kind: str) -> bytes:
    return encode({"error": {"message": message, "type": kind}})


async def read_body(receive: Receive) -> bytes | None:
    """The request's body; None when it is larger than MAX_BODY or the client went away."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return body


def prompt_tokens(message: Any) -> int:
    """Words of a chat message, which stand for its tokens."""
    return len(str(message.get("content", "")).split()) if isinstance(message, dict) else 0


class Counts:
    """The server's own count of requests, by endpoint: received, and answered in full."""

    def __init__(self) -> None:
        self.received: dict[str, int] = {}
        self.answered: dict[str, int] = {}
        self.failed: dict[str, int] = {}

    def add(self, to: dict[str, int], label: str) -> None:
        to[label] = to.get(label, 0) + 1


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
        await answer(send, 200, self._body)
        self._counts.add(self._counts.answered, self._label)


class Chat:
    """`POST /v1/chat/completions`, plain or as server-sent events with `"stream": true`."""

    LABEL = "POST /v1/chat/completions"

    def __init__(self, times: ServiceTimes, slots: Slots, counts: Counts) -> None:
        self._times = times
        self._slots = slots
        self._counts = counts
        self._number = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        counts = self._counts
        counts.add(counts.received, self.LABEL)
        ask = self._asked(await read_body(receive))
        if isinstance(ask, str):
            await answer(send, 400, error_body(ask, "invalid_request_error"))
            counts.add(counts.failed, self.LABEL)
        else:
            work = self._times.chat(ask.get("max_tokens"))
            async with self._slots:
                if work.fails:
                    await asyncio.sleep(work.first_s)
                elif ask.get("stream"):
                    await self._stream(ask, work, send)
                else:
                    await asyncio.sleep(work.total_s)
            if work.fails:
                await answer(send, 503, error_body("Service degraded", "server_error"))
                counts.add(counts.failed, self.LABEL)
            elif not ask.get("stream"):
                await answer(send, 200, self._whole(ask, work))
        counts.add(counts.answered, self.LABEL)

    @staticmethod
    def _asked(body: bytes | None) -> dict[str, Any] | str:
        """The decoded request, or in words what is wrong with it."""
        try:
            ask = json.loads(body or b"")
        except ValueError:
            return "the body is not JSON"
        if not isinstance(ask, dict) or not isinstance(ask.get("messages"), list):
            return "messages: expected a list"
        most = ask.get("max_tokens")
        if most is not None and (not isinstance(most, int) or most < 1):
            return "max_tokens: expected a whole number of at least 1"
        return ask

    def _head(self, ask: dict[str, Any], kind: str) -> dict[str, Any]:
        self._number += 1
        return {
            "id": f"chatcmpl-{self._number}",
            "object": kind,
            "created": int(time.time()),
            "model": ask.get("model") or MODELS[0],
        }

    def _whole(self, ask: dict[str, Any], work: Work) -> bytes:
        prompt = sum(prompt_tokens(message) for message in ask["messages"])
        content = " ".join(WORDS[number % len(WORDS)] for number in range(work.tokens))
        return encode(
            self._head(ask, "chat.completion")
            | {
                "choices": [
                    {
                        "index": 0,
                        "message": {"role": "assistant", "content": content},
                        "finish_reason": "stop",
                    }
                ],
                "usage": {
                    "prompt_tokens": prompt,
                    "completion_tokens": work.tokens,
                    "total_tokens": prompt + work.tokens,
                },
            }
        )

    async def _stream(self, ask: dict[str, Any], work: Work, send: Send) -> None:
        """One event a token, each at its time; late ones are sent together, so the pace holds."""
        begun = time.perf_counter()
        head = self._head(ask, "chat.completion.chunk")
        await send({"type": "http.response.start", "status": 200, "headers": [_EVENTS]})
        for number in range(work.tokens):
            early = begun + work.first_s + number * work.token_s - time.perf_counter()
            if early > 0:
                await asyncio.sleep(early)
            delta: dict[str, str] = {"role": "assistant"} if number == 0 else {}
            delta["content"] = WORDS[number % len(WORDS)] + " "
            await self._event(send, head, delta, None)
        await self._event(send, head, {}, "stop")
        await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})

    @staticmethod
    async def _event(
        send: Send, head: dict[str, Any], delta: dict[str, str], reason: str | None
    ) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        body = b"data: " + encode(head | {"choices": [choice]}) + b"\n\n"
        await send({"type": "http.response.body", "body": body, "more_body": True})


class Stats:
    """`GET /stats`: what the server itself counted; not counted, not queued."""

    def __init__(self, counts: Counts, chat_slots: Slots) -> None:
        self._counts = counts
        self._chat_slots = chat_slots

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        counts = self._counts
        document = {
            "received": counts.received,
            "answered": counts.answered,
            "failed": counts.failed,
            "waiting": self._chat_slots.waiting,
        }
        await answer(send, 200, encode(document))


def gateway(seed: int, *, slow: float = 1.0, error_rate: float = 0.0) -> Starlette:
    """The application.

    `slow` multiplies all service times; `error_rate` is the share of chat completions that are
    answered with a 503.
    """
    times = ServiceTimes(seed, slow=slow, error_rate=error_rate)
    chat_slots, light_slots = Slots(times.CHAT_SLOTS), Slots(times.LIGHT_SLOTS)
    counts = Counts()
    listing = [{"id": name, "object": "model", "owned_by": "loadtui"} for name in MODELS]
    models = encode({"object": "list", "data": listing})
    health = encode({"status": "ok"})

    def light(label: str, body: bytes) -> Light:
        return Light(label, body, times, light_slots, counts)

    return Starlette(
        routes=[
            Route("/v1/chat/completions", Chat(times, chat_slots, counts), methods=["POST"]),
            Route("/v1/models", light("GET /v1/models", models), methods=["GET"]),
            Route("/health", light("GET /health", health), methods=["GET"]),
            Route("/stats", Stats(counts, chat_slots), methods=["GET"]),
        ]
    )
