"""What a retrieval service found: how it writes it, and whether it can be right."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec


class RetrievalHit(msgspec.Struct):
    """One result of a query."""

    id: str | int
    score: float
    text: str = ""


class Retrieval(msgspec.Struct):
    """What became of one request to a retrieval service."""

    hits: list[RetrievalHit] = []
    """Of a query, best first."""
    indexed: int = 0
    """Documents that the service says it has indexed."""
    took_ms: float | None = None
    """By the service's own clock; None: it did not say."""
    total_ms: float = 0.0
    """By this side's."""
    problem: str = ""
    """The reason of the failure; empty: there was none."""


class _Answer(msgspec.Struct):
    results: list[RetrievalHit]
    took_ms: Any = None


_DECODER = msgspec.json.Decoder(_Answer)


def read_hits(body: bytes) -> Retrieval:
    """The results in the answer to a query, or in words why there are none to be had."""
    try:
        answer = _DECODER.decode(body)
    except msgspec.ValidationError:
        return Retrieval(problem="the answer is no list of results with id and score")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Retrieval(problem="the answer is not JSON")
    took = answer.took_ms
    return Retrieval(
        hits=answer.results, took_ms=float(took) if isinstance(took, int | float) else None
    )


def complaint(hits: list[RetrievalHit], top_k: int, *, may_be_none: bool, ordered: bool) -> str:
    """What cannot be right about the results of a query for `top_k`; empty: nothing."""
    if not hits:
        return "" if may_be_none else "no results"
    if len(hits) > top_k:
        return "more results than were asked for"
    if len({hit.id for hit in hits}) < len(hits):
        return "a result came twice"
    if ordered and any(a.score < b.score for a, b in pairwise(hits)):
        return "the results are not in the order of their scores"
    return ""
