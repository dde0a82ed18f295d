from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.github.access import github_access, repository_of

TOKEN = {"GITHUB_TOKEN": " ghp_abc "}


def test_the_option_goes_before_the_environment(tmp_path: Path) -> None:
    environ = {"GITHUB_REPOSITORY": "of/environment"}
    assert repository_of("of/option", tmp_path, environ) == "of/option"
    assert repository_of(None, tmp_path, environ) == "of/environment"


@pytest.mark.parametrize(
    "url",
    [
        "git@github.example:octo/shop.git",
        "https://github.example/octo/shop",
        "https://user@github.example/octo/shop.git/",
        "ssh://git@github.example:22/octo/shop.git",
    ],
)
def test_the_remote_named_origin_says_it(tmp_path: Path, url: str) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", url], check=True)
    assert repository_of(None, tmp_path, {}) == "octo/shop"


@pytest.mark.parametrize(
    "name", ["shop", "a/b/c", "octo/sh op", "https://github.example/octo/shop"]
)
def test_what_is_no_repository(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="expected OWNER/NAME"):
        repository_of(name, tmp_path, {})


def test_nowhere_a_repository(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="loadtui issue --repo OWNER/NAME"):
        repository_of(None, tmp_path, {})


def test_an_enterprise_by_its_address(tmp_path: Path) -> None:
    environ = {**TOKEN, "GITHUB_API_URL": "https://git.example/api/v3/"}
    found = github_access("octo/shop", tmp_path, environ)
    assert found.api_url == "https://git.example/api/v3"
    assert found.token == "ghp_abc"
    assert "ghp_abc" not in repr(found)


@pytest.mark.parametrize(
    "url", ["git.example", "ftp://git.example", "https://u:ghp_abc@git.example"]
)
def test_addresses_that_are_none(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="GITHUB_API_URL") as caught:
        github_access("octo/shop", tmp_path, {**TOKEN, "GITHUB_API_URL": url})
    assert "\n" not in str(caught.value)


def test_the_token_of_gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gh = tmp_path / "gh"
    gh.write_text('#!/bin/sh\n[ "$*" = "auth token --hostname github.com" ] && echo gho_of_gh\n')
    gh.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert github_access("octo/shop", tmp_path, {}).token == "gho_of_gh"


def test_no_token_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="set GITHUB_TOKEN"):
        github_access("octo/shop", tmp_path, {})
