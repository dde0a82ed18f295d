"""Paths with values, and the endpoints that they are requests to."""

from __future__ import annotations

import pytest

from loadtui.errors import UsageError
from loadtui.new_project.path_names import (
    base_and_path,
    clean_path,
    endpoint_name,
    host_title,
    needed_name,
    split_query,
)
from loadtui.new_project.service_request import FromEnvironment


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "/"),
        ("/users/17?x=1", "/users/{id}"),
        ("/a/123e4567-e89b-42d3-a456-426614174000/b", "/a/{id}/b"),
        ("/files/d41d8cd98f00b204e9800998ecf8427e", "/files/{id}"),
        ("/v1/chat/completions", "/v1/chat/completions"),
        ("/orders/ord_3a8fGh29kLmNpQ81xYz", "/orders/{id}"),
        ("/a-long-title-without-numbers", "/a-long-title-without-numbers"),
    ],
)
def test_endpoints(path: str, name: str) -> None:
    assert endpoint_name(path) == name
    assert needed_name("/a", "/a") == ""


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://h", ("http://h", "/", False)),
        ("h:8000/a b?x=ü", ("http://h:8000", "/a%20b?x=ü", False)),
        ("HTTPS://u:p@Example.com/%7Ea", ("https://example.com", "/%7Ea", True)),
        ("http://[::1]:80/", ("http://[::1]:80", "/", False)),
    ],
)
def test_urls(url: str, found: tuple[str, str, bool]) -> None:
    base, path, has_user = base_and_path(url, "URL")
    assert (base, path, has_user) == (found[0], clean_path(found[1]), found[2])


@pytest.mark.parametrize("url", ["", "ftp://h", "http://", "http://h:x", "http://[", "a b", "://"])
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(UsageError, match="expected a URL such as"):
        base_and_path(url, "URL")


def test_secrets_of_queries() -> None:
    assert split_query("/a?x=1&y=2") == ("/a?x=1&y=2", {})
    assert split_query("/a?x=1&api_key=k") == ("/a?x=1", {"api_key": FromEnvironment("API_KEY")})
    assert split_query("/a?token=k") == ("/a", {"token": FromEnvironment("TOKEN")})


def test_what_a_service_is_called() -> None:
    titles = [host_title(f"http://{host}:1") for host in ("h.example", "127.0.0.1", "localhost")]
    assert titles == ["h.example", "", ""]
