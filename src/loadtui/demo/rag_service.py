"""The embedded target's second service: retrieval over real documents, as a RAG service does it.

The embedding of what comes in is a time that passes; the search is SQLite's.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Generic, TypeVar

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from loadtui.demo.asgi import Counts, Routes, Stats, answer_json, encode_json, read_body, wrong
from loadtui.demo.degradation import NO_DEGRADATION, Degradation, StallClock
from loadtui.demo.passage_index import PassageHit, PassageIndex
from loadtui.demo.passages import Passage, passages
from loadtui.demo.queueing import Lognormal, Slots

RequestBody = TypeVar("RequestBody")
AnswerBody = TypeVar("AnswerBody")

QUERY_SLOTS = 32
EMBEDDING_MEDIAN_S = 0.006
EMBEDDING_SIGMA = 0.4
DOCUMENT_S = 0.002
"""More for every document that is indexed."""
HEALTH_S = 0.001
STORE_TIMEOUT_S = 2.0
"""How long the service waits for its vector store while that is stalled."""


class Query(msgspec.Struct):
    query: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
    top_k: Annotated[int, msgspec.Meta(ge=1, le=50)] = 5


class IndexDocument(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    text: str


class Documents(msgspec.Struct):
    documents: Annotated[list[IndexDocument], msgspec.Meta(min_length=1, max_length=100)]


class Answered(msgspec.Struct):
    results: list[PassageHit]
    took_ms: float


class RagService:
    """What the endpoints share: the index, the slots, the times and what is wrong with it."""

    def __init__(self, seed: int, degradation: Degradation, documents: list[Passage]) -> None:
        self.counts = Counts()
        self._index = PassageIndex(documents)
        self.slots = Slots(QUERY_SLOTS)
        self._embedding = Lognormal("rag", seed, EMBEDDING_MEDIAN_S, EMBEDDING_SIGMA)
        self._health = Lognormal("rag health", seed, HEALTH_S, EMBEDDING_SIGMA)
        self._errors = random.Random(f"rag errors {seed}")
        self._slow = degradation.slow
        self._error_rate = degradation.error_rate
        self._stall = StallClock(degradation.stall)

    async def query(self, asked: Query) -> tuple[int, object]:
        """Status and body of the answer to a query."""
        begun = time.perf_counter()
        if refused := await self._refused(0):
            return refused
        hits = await self._work(lambda: self._index.search(asked.query, asked.top_k))
        return 200, Answered(hits, round((time.perf_counter() - begun) * 1000, 3))

    async def add(self, asked: Documents) -> tuple[int, object]:
        """Status and body of the answer to documents."""
        if refused := await self._refused(len(asked.documents)):
            return refused
        added = [Passage(document.id, document.text) for document in asked.documents]
        return 200, {"indexed": await self._work(lambda: self._index.add(added))}

    async def health(self, asked: None) -> tuple[int, object]:
        await asyncio.sleep(self._health() * self._slow)
        return 200, {"status": "ok"}

    async def _refused(self, documents: int) -> tuple[int, object] | None:
        """The answer of a service that is degraded, or whose store takes too long, if it is."""
        await asyncio.sleep((self._embedding() + documents * DOCUMENT_S) * self._slow)
        if self._errors.random() < self._error_rate:
            return 503, {"detail": "Service degraded"}
        if left := self._stall.left():
            await asyncio.sleep(min(left, STORE_TIMEOUT_S))
        if left > STORE_TIMEOUT_S:
            return 504, {"detail": "the vector store timed out"}
        return None

    async def _work(self, work: Callable[[], AnswerBody]) -> AnswerBody:
        """Real work; with `slow` it takes as much longer as everything else."""
        begun = time.perf_counter()
        passages_found = work()
        extra = (self._slow - 1) * (time.perf_counter() - begun)
        if extra > 0:
            await asyncio.sleep(extra)
        return passages_found


class RagEndpoint(Generic[RequestBody]):
    """One endpoint of the service: decodes, has it served in a slot, answers."""

    def __init__(
        self,
        label: str,
        service: RagService,
        decode: Callable[[bytes], RequestBody],
        serve: Callable[[RequestBody], Awaitable[tuple[int, object]]],
    ) -> None:
        self._label = label
        self._slots = service.slots
        self._counts = service.counts
        self._decode = decode
        self._serve = serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        counts = self._counts
        counts.add(counts.received, self._label)
        try:
            asked = self._decode(await read_body(receive) or b"")
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            document: object = {"detail": wrong(error)}
            status = 400
        else:
            async with self._slots:
                status, document = await self._serve(asked)
        if status != 200:
            counts.add(counts.failed, self._label)
        await answer_json(send, status, encode_json(document))
        counts.add(counts.answered, self._label)


def rag_app(
    seed: int, degradation: Degradation = NO_DEGRADATION, *, documents: list[Passage] | None = None
) -> ASGIApp:
    """The application, over `documents` instead of those that it finds here.

    Of `degradation` the error rate is the share of queries and documents that are answered with a
    503; a stall is the vector store's, so that requests wait for it and time out.
    """
    service = RagService(seed, degradation, passages() if documents is None else documents)
    query, index, health = "POST /query", "POST /index", "GET /health"
    return Routes(
        {
            ("POST", "/query"): RagEndpoint(
                query, service, msgspec.json.Decoder(Query).decode, service.query
            ),
            ("POST", "/index"): RagEndpoint(
                index, service, msgspec.json.Decoder(Documents).decode, service.add
            ),
            ("GET", "/health"): RagEndpoint(health, service, lambda body: None, service.health),
            ("GET", "/stats"): Stats(service.counts, service.slots),
        }
    )
