"""Refusals in words that can be counted and kept: short, without ids and keys."""

from __future__ import annotations

import json
import time
from email.utils import formatdate
from typing import Any

import pytest

from loadtui.users.api_keys import api_key, bearer, without_keys
from loadtui.users.refusal import LONGEST, error_words, refusal_words, steady
from loadtui.users.retry_after import retry_after_s


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"error": {"message": "m", "type": "t", "code": "c"}}, "c: m"),
        ({"error": {"message": "m", "type": "t", "code": 400}}, "t: m"),
        ({"error": {"message": "m"}}, "m"),
        ({"error": {"status": 3}}, "without a message"),
        ({"error": "m"}, "m"),
        ({"error": ["m"]}, "['m']"),
        ({"object": "error", "message": "m", "type": "t"}, "t: m"),
        ({"error": None, "choices": []}, ""),
        ({"error": {}}, ""),
        ([{"error": "m"}], ""),
        ("error", ""),
        (None, ""),
    ],
)
def test_error_documents(document: Any, words: str) -> None:
    assert error_words(document) == words


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (503, {"detail": "Service degraded"}, "503 Service Unavailable: Service degraded"),
        (422, {"detail": [{"loc": ["body"]}]}, "422 Unprocessable Entity"),
        (400, {"message": "bad"}, "400 Bad Request: bad"),
        (500, {"error": "x"}, "500 Internal Server Error: x"),
        (599, ["x"], "599"),
    ],
)
def test_refusals(status: int, body: Any, words: str) -> None:
    assert refusal_words(status, json.dumps(body).encode()) == words


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000])
def test_bodies_that_say_nothing(body: bytes) -> None:
    assert refusal_words(502, body) == "502 Bad Gateway"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("request req_0123456789abcdef failed", "request … failed"),
        ("id 123e4567-e89b-12d3-a456-426614174000", "id …"),
        ("two\n  lines", "two lines"),
        ("internationalization of 4096 tokens", "internationalization of 4096 tokens"),
    ],
)
def test_the_same_reason_is_said_in_the_same_words(text: str, kept: str) -> None:
    assert steady(text) == kept


def test_long_words_are_cut() -> None:
    assert len(steady("x " * 1000)) == LONGEST


def test_a_key_that_a_cut_would_halve_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "secret/of+the=house"
    monkeypatch.setenv("A_KEY", f"{key}\n")
    assert bearer(api_key("A_KEY")) == {"Authorization": f"Bearer {key}"}
    assert "secret" not in steady("x " * (LONGEST // 2 - 3) + key)


def test_whatever_looks_like_a_key_is_hidden() -> None:
    assert without_keys("no sk-proj-ab**cd here, Bearer xyz, risk-based") == (
        "no (key) here, (key) risk-based"
    )


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel", "\0"])
def test_a_key_that_no_header_carries(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setattr("os.environ", {"A_KEY": f"x{key}x"})
    with pytest.raises(ValueError, match="A_KEY holds characters") as caught:
        api_key("A_KEY")
    assert key not in str(caught.value)


def test_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("A_KEY", raising=False)
    assert api_key("A_KEY") == api_key("") == ""
    assert bearer("") == {}
    monkeypatch.setenv("A_KEY", "EMPTY")
    api_key("A_KEY")
    assert without_keys("EMPTY answer") == "EMPTY answer"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("20", 20), (" 3 ", 3), ("0", 0), (None, None), ("", None), ("soon", None), ("-1", None)],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after_s(value) == seconds


def test_retry_after_a_date() -> None:
    assert retry_after_s(formatdate(time.time() + 30, usegmt=True)) in (29, 30, 31)
    assert retry_after_s("Wed, 21 Oct 2015 07:28:00 GMT") == 0
