"""Which values are secrets, and what they are called in the environment."""

from __future__ import annotations

import pytest

from loadtui.new_project.secret_names import (
    body_of_text,
    is_secret_name,
    sent_headers,
    variable_name,
    without_secrets,
)
from loadtui.new_project.service_request import FromEnvironment


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("password", True),
        ("X-API-Key", True),
        ("apiKey", True),
        ("access_token", True),
        ("client_secret", True),
        ("X-CSRF-Token", True),
        ("keyword", False),
        ("tokens", False),
        ("max_tokens", False),
        ("page_token", False),
        ("token_type", False),
        ("author", False),
    ],
)
def test_names(name: str, is_secret: bool) -> None:
    assert is_secret_name(name) is is_secret


@pytest.mark.parametrize(
    ("name", "variable"),
    [("X-API-Key", "API_KEY"), ("apiKey", "API_KEY"), ("2fa", "VALUE_2FA"), ("ü", "VALUE")],
)
def test_variables(name: str, variable: str) -> None:
    assert variable_name(name) == variable
    assert variable.isidentifier()


def test_headers() -> None:
    sent, user = sent_headers(
        [("Host", "h"), ("Sec-Fetch-Mode", "cors"), ("Accept", "*/*"), ("X-A", "1"),
         ("User-Agent", "Mozilla/5.0"), ("Authorization", "opaque"), ("Cookie", "a=b")]
    )  # fmt: skip
    assert sent == {
        "X-A": "1",
        "Authorization": FromEnvironment("AUTHORIZATION"),
        "Cookie": FromEnvironment("COOKIE"),
    }
    assert user is None
    assert sent_headers([("authorization", "basic YTpi")]) == ({}, ("API_USER", "API_PASSWORD"))
    assert sent_headers([("User-Agent", "probe/1")])[0] == {"User-Agent": "probe/1"}


def test_values_inside() -> None:
    assert without_secrets({"a": [{"secret": "x", "token": 7, "pwd": ""}]}) == {
        "a": [{"secret": FromEnvironment("SECRET"), "token": 7, "pwd": ""}]
    }
    assert body_of_text('{"a": NaN}', "application/json") == (None, '{"a": NaN}')
    assert body_of_text("[" * 100_000, "") == (None, "[" * 100_000)
    assert body_of_text("[1]", "text/plain") == (None, "[1]")
