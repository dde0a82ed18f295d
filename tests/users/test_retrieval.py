"""What a retrieval service found, and whether it can be right."""

from __future__ import annotations

import json
from typing import Any

import pytest

from loadtui.users.retrieval import RetrievalHit, complaint, read_hits


def hits(*scores: float) -> list[RetrievalHit]:
    return [RetrievalHit(str(number), score) for number, score in enumerate(scores)]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (hits(0.9, 0.5, 0.5), ""),
        (hits(0.9), ""),
        ([], "no results"),
        (hits(4, 3, 2, 1), "more results than were asked for"),
        ([RetrievalHit("a", 1), RetrievalHit("a", 1)], "a result came twice"),
        (hits(0.5, 0.9), "the results are not in the order of their scores"),
    ],
)
def test_complaints(found: list[RetrievalHit], said: str) -> None:
    assert complaint(found, 3, may_be_none=False, ordered=True) == said


def test_what_may_be_allowed() -> None:
    assert complaint([], 3, may_be_none=True, ordered=True) == ""
    assert complaint(hits(1, 2), 3, may_be_none=False, ordered=False) == ""


def test_results_are_read() -> None:
    body = {"results": [{"id": 7, "score": 1, "payload": {}}], "took_ms": 1.5}
    found = read_hits(json.dumps(body).encode())
    assert (found.hits, found.took_ms, found.problem) == ([RetrievalHit(7, 1.0)], 1.5, "")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([], "the answer is no list of results with id and score"),
        ({"results": [{"id": "a"}]}, "the answer is no list of results with id and score"),
        ({"results": None}, "the answer is no list of results with id and score"),
    ],
)
def test_answers_of_another_form(body: Any, said: str) -> None:
    assert read_hits(json.dumps(body).encode()).problem == said


def test_no_json() -> None:
    assert read_hits(b"ok").problem == "the answer is not JSON"
