"""A Locust user of a retrieval service: queries it and gives it documents to index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from loadtui.metrics import Rate
from loadtui.users.refusal import decoded_json, error_words
from loadtui.users.retrieval import Retrieval, RetrievalHit, complaint, read_hits
from loadtui.users.service import ServiceUser, is_timeout

TIMEOUT_RATE = Rate("qdrant_timeout_rate")
DEGRADED_RATE = Rate("degraded_rate")
DEGRADED = 503
VECTOR_STORE_TIMEOUT = 504

RetrievalCheck = Callable[[list[RetrievalHit]], str | None]
"""What is wrong with the results of a query, in words; None or empty: nothing."""


class RagUser(ServiceUser):
    """Subclass it, set `host` and tasks that call `self.query` and `self.index`.

    A key for the service comes from the environment variable RAG_API_KEY.
    """

    abstract = True

    api_key_variable = "RAG_API_KEY"
    network_timeout = 10.0
    """Seconds without an answer after which a request counts as timed out."""
    query_path = "/query"
    index_path = "/index"
    top_k = 5
    may_find_nothing = False
    """False: a query without any result is a failure."""
    best_first = True
    """Scores must not rise from one result to the next."""

    def query(
        self,
        text: str,
        *,
        top_k: int | None = None,
        name: str | None = None,
        check: RetrievalCheck | None = None,
        **options: Any,
    ) -> Retrieval:
        """One query for the `top_k` best results (default: the class's).

        `options` go into the request, `name` is that of the statistic, and the failure of results
        that are as they should be is what `check` says of them.
        """
        wanted = self.top_k if top_k is None else top_k

        def judge(body: bytes) -> Retrieval:
            retrieval = read_hits(body)
            if not retrieval.problem:
                retrieval.problem = complaint(
                    retrieval.hits,
                    wanted,
                    may_be_none=self.may_find_nothing,
                    ordered=self.best_first,
                )
            if not retrieval.problem and check is not None:
                retrieval.problem = check(retrieval.hits) or ""
            return retrieval

        return self._ask(self.query_path, {"query": text, "top_k": wanted, **options}, name, judge)

    def index(
        self,
        documents: Sequence[Mapping[str, Any]],
        *,
        name: str | None = None,
        **options: Any,
    ) -> Retrieval:
        """Hand over documents (`{"id": ..., "text": ...}`); all of them have to be indexed."""

        def judge(body: bytes) -> Retrieval:
            answer = decoded_json(body)
            indexed = answer.get("indexed") if isinstance(answer, Mapping) else None
            if not isinstance(indexed, int):
                return Retrieval(problem="the answer does not say how many were indexed")
            wrong = "" if indexed == len(documents) else "not all documents were indexed"
            return Retrieval(indexed=indexed, problem=wrong)

        return self._ask(self.index_path, {"documents": list(documents), **options}, name, judge)

    def _ask(
        self,
        path: str,
        ask: dict[str, Any],
        name: str | None,
        judge: Callable[[bytes], Retrieval],
    ) -> Retrieval:
        name = name or self.client.request_name or path
        endpoint = f"POST {name}"
        headers = {**self.headers, "Content-Type": "application/json"}
        with self.client.post(
            path, data=msgspec.json.encode(ask), headers=headers, name=name, catch_response=True
        ) as response:
            status = response.status_code
            timed_out = status == VECTOR_STORE_TIMEOUT
            if status and not 200 <= status < 300:
                refusal = self.refusal(response)
                retrieval = Retrieval(problem=refusal)
                if status == DEGRADED:
                    retrieval.problem = f"degraded: {refusal}"
            elif broken := self.broken(response):
                error = response.request_meta["exception"]
                timed_out = is_timeout(error)
                retrieval = Retrieval(problem=broken)
            else:
                reason = error_words(decoded_json(response.content))
                retrieval = (
                    Retrieval(problem=f"200 with an error: {reason}")
                    if reason
                    else judge(response.content)
                )
            retrieval.total_ms = response.request_meta["response_time"]
            if retrieval.problem:
                response.failure(retrieval.problem)
        TIMEOUT_RATE.add(timed_out, endpoint=endpoint)
        DEGRADED_RATE.add(status == DEGRADED, endpoint=endpoint)
        self.rest()
        return retrieval
