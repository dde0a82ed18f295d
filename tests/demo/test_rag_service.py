"""The RAG service: searches real passages, takes documents in, and has its troubles."""

from __future__ import annotations

import asyncio
import time

import pytest

from loadtui.demo import rag_service as rag_module
from loadtui.demo.degradation import Degradation, Stall
from loadtui.demo.passages import Passage
from loadtui.demo.rag_service import rag_app

DOCUMENTS = [
    Passage("semaphore", "A semaphore manages a counter of permits."),
    Passage("queue", "A queue hands items from producers to consumers."),
    Passage("zip", "Read and write archives, compressed or not."),
]


def _rag(**trouble):
    return rag_app(1, Degradation(**trouble), documents=DOCUMENTS)


def test_a_query_finds_the_passage_that_answers_it(ask) -> None:
    answer = asyncio.run(ask(_rag(), "POST", "/query", {"query": "What is a semaphore?"}))
    assert answer.status == 200
    first = answer.document["results"][0]
    assert (first["id"], first["text"]) == (DOCUMENTS[0].id, DOCUMENTS[0].text)
    assert first["score"] > 0
    assert answer.document["took_ms"] > 0


def test_top_k_bounds_the_results(ask) -> None:
    query = {"query": "a semaphore, a queue, an archive", "top_k": 1}
    assert len(asyncio.run(ask(_rag(), "POST", "/query", query)).document["results"]) == 1


def test_what_is_indexed_is_found(ask) -> None:
    app = _rag()
    documents = {"documents": [{"id": "new", "text": "Percentiles of a heron's latency."}]}
    indexed = asyncio.run(ask(app, "POST", "/index", documents))
    assert (indexed.status, indexed.document) == (200, {"indexed": 1})
    found = asyncio.run(ask(app, "POST", "/query", {"query": "heron"}))
    assert [one["id"] for one in found.document["results"]] == ["new"]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/query", None, "not JSON"),
        ("/query", {"top_k": 3}, "query"),
        ("/query", {"query": "x", "top_k": 0}, "top_k"),
        ("/index", {"documents": []}, "documents"),
        ("/index", {"documents": [{"id": "a"}]}, "text"),
    ],
)
def test_a_bad_request_is_refused_in_words(ask, path: str, body: object, said: str) -> None:
    answer = asyncio.run(ask(_rag(), "POST", path, body))
    assert answer.status == 400
    assert said in answer.document["detail"]


def test_errors_are_503_in_queries_and_documents_alone(ask) -> None:
    app = _rag(error_rate=1.0)
    degraded = asyncio.run(ask(app, "POST", "/query", {"query": "queue"}))
    assert (degraded.status, degraded.document) == (503, {"detail": "Service degraded"})
    documents = {"documents": [{"id": "a", "text": "b"}]}
    assert asyncio.run(ask(app, "POST", "/index", documents)).status == 503
    assert asyncio.run(ask(app, "GET", "/health")).status == 200


def test_a_stalled_store_times_out(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag_module, "STORE_TIMEOUT_S", 0.01)
    app = _rag(stall=Stall(59.9, 60.0))
    time.sleep(0.11)  # into the stall
    answer = asyncio.run(ask(app, "POST", "/query", {"query": "queue"}))
    assert answer.status == 504
    assert "timed out" in answer.document["detail"]
    assert asyncio.run(ask(app, "GET", "/health")).status == 200


def test_the_server_counts_its_requests(ask) -> None:
    app = _rag()
    asyncio.run(ask(app, "POST", "/query", {"query": "queue"}))
    asyncio.run(ask(app, "POST", "/query", {}))
    stats = asyncio.run(ask(app, "GET", "/stats")).document
    assert stats["received"] == stats["answered"] == {"POST /query": 2}
    assert stats["failed"] == {"POST /query": 1}
