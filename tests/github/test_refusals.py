"""What GitHub refuses is one sentence, with the way out and without the token."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from github import GithubException, RateLimitExceededException

from loadtui.errors import UsageError
from loadtui.github.access import GithubAccess
from loadtui.github.refusals import refusals_as_usage_errors

TOKEN = "ghp_secret"
ACCESS = GithubAccess(repository="shop/api", token=TOKEN, api_url="https://api.example")


def sentence_for(error: BaseException) -> str:
    with (
        pytest.raises(UsageError) as caught,
        refusals_as_usage_errors(ACCESS, "looking for issues"),
    ):
        raise error
    text = str(caught.value)
    assert TOKEN not in text
    assert "\n" not in text
    assert caught.value.__cause__ is None
    return text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "does not accept the token (401: told so ***); set a valid GITHUB_TOKEN"),
        (403, "may not do this in shop/api (403 while looking for issues: told so ***)"),
        (404, "knows no repository shop/api"),
        (410, "issues are switched off in shop/api"),
        (422, "refuses the issue's content (422 while looking for issues: told so ***)"),
        (429, "asks to wait longer than is reasonable"),
        (502, "(502 while looking for issues); try again later"),
        (418, "refuses (418 while looking for issues: told so ***)"),
    ],
)
def test_statuses(status: int, words: str) -> None:
    assert words in sentence_for(GithubException(status, {"message": f"told so\n{TOKEN}"}))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"message": "bad", "errors": [{"message": "no label"}, "x"]}, "bad; no label"),
        ("<html>a proxy</html>", "no explanation"),
        ({"message": "x" * 1000}, f"{'x' * 200})"),
    ],
)
def test_only_githubs_own_words_are_passed_on(data: Any, words: str) -> None:
    text = sentence_for(GithubException(422, data))
    assert words in text
    assert "proxy" not in text


def test_a_used_up_limit_a_silent_network_and_another_service() -> None:
    assert "rate limit is used up" in sentence_for(RateLimitExceededException(403, {}))
    assert "(no answer in time)" in sentence_for(requests.Timeout())
    refused = OSError(111, "Connection refused")
    assert "cannot reach GitHub at https://api.example (Connection refused)" in sentence_for(
        refused
    )
    assert "check GITHUB_API_URL" in sentence_for(KeyError("id"))
