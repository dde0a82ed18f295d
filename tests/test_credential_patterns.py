"""Credentials that are seen by what stands around them, and words that are left alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.credential_patterns import without_credentials, without_url_credentials, without_users

HIDDEN = {
    "Authorization: Bearer abcdef12": "Authorization: ***",
    "Authorization: Basic am9lOnNlY3JldA== for url: /a": "Authorization: *** for url: /a",
    "authorization=Token 9944b09199c62bcf": "authorization=***",
    'Authorization: Digest username="a", response="b"\nnext': "Authorization: ***\nnext",
    "proxy-authorization: Basic am9lOmFi": "proxy-authorization: ***",
    "Cookie: sid=a; theme=dark\nnext": "Cookie: ***\nnext",
    "set-cookie: sid=a; Path=/; HttpOnly": "set-cookie: ***",
    "X-Api-Key: 12345678, and more": "X-Api-Key: ***, and more",
    "{'Authorization': 'Bearer a', 'Accept': 'b'}": "{'Authorization': '***', 'Accept': 'b'}",
    '{"cookie": "a=b", "x": 1}': '{"cookie": "***", "x": 1}',
    '{"authorization": ["Bearer a"], "x": 1}': '{"authorization": ***, "x": 1}',
    r"{\"x-api-key\": \"a\", \"x\": 1}": r"{\"x-api-key\": \"***\", \"x\": 1}",
    "[('Set-Cookie', 'sid=a; Path=/'), ('A', 'b')]": "[('Set-Cookie', '***'), ('A', 'b')]",
    "b'X-Auth-Token: abc123def'": "b'X-Auth-Token: ***'",
    "{'Cookie': 'cut off": "{'Cookie': '***",
    "refused Bearer eyJhbGciOi.eyJzdWIi.x": "refused Bearer ***",
    "http://joe:word@host/a": "http://***@host/a",
    "no answer from postgres://u:p@db:5432/x": "no answer from postgres://***@db:5432/x",
    "/a?api_key=b&c=d": "/a?api_key=***&c=d",
    "/a?c=d&access_token=b#e": "/a?c=d&access_token=***#e",
}
LEFT_ALONE = [
    "authorization: token expired",
    "Bearer authentication is not offered",
    "invalid cookie: missing",
    "Cookie, please",
    "no x-api-key was sent",
    "Basic considerations",
    "mail joe@example.com about http://host/a",
    "/a?max_tokens=500&page=2",
    "/a?tokens=1&keyword=shoes",
    "/a?page_token=1&nextToken=2",
]


@pytest.mark.parametrize(("text", "shown"), HIDDEN.items())
def test_hidden(text: str, shown: str) -> None:
    assert without_credentials(text) == shown
    assert without_credentials(shown) == shown


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str) -> None:
    assert without_credentials(text) == text


def test_names_keep_what_only_a_message_would_tell() -> None:
    assert without_users("http://a:b@host?token=c") == "http://***@host?token=c"
    assert without_url_credentials("http://a:b@host?token=c") == "http://***@host?token=***"
    assert without_url_credentials("GET Cookie: a=b") == "GET Cookie: a=b"


@given(st.text(st.sampled_from("\"'\\:=,; ?&@/[]bB") | st.characters(), max_size=300))
def test_any_text(text: str) -> None:
    without_credentials(f"Cookie: {text} authorization={text}")


@pytest.mark.parametrize(
    "part",
    ["'cookie':'", "cookie=[", "Bearer ", "Authorization: ", "://", "?token", "cookie: a=b;"],
)
def test_long_texts_take_no_time(part: str) -> None:
    """A bound that only what grows with the square of the length would miss."""
    began = time.process_time()
    without_credentials(part * 20_000)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:s3cret@shop.example:8443/v1", "https://***@shop.example:8443/v1"),
        ("http://s3cret@127.0.0.1", "http://***@127.0.0.1"),
        ("http://127.0.0.1/a@b", "http://127.0.0.1/a@b"),
        ("http://127.0.0.1:80", "http://127.0.0.1:80"),
        ("http://127.0.0.1?who=a@b", "http://127.0.0.1?who=a@b"),
        ("several", "several"),
        ("", ""),
    ],
)
def test_who_asks_is_not_shown(url: str, shown: str) -> None:
    assert without_users(url) == shown
