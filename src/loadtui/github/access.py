"""Where GitHub is and who asks: API address, repository and token."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from loadtui.errors import UsageError
from loadtui.known_secrets import SECRETS

API_URL = "https://api.github.com"
GH_TIMEOUT_S = 10
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_REMOTE = re.compile(r"(?:[/:])([\w.-]+)/([\w.-]+?)(?:\.git)?/?$", re.ASCII)


class GithubAccess(NamedTuple):
    api_url: str
    repository: str
    """owner/name"""
    token: str

    def __repr__(self) -> str:
        # A token never gets into a text.
        return f"GithubAccess({self.api_url!r}, {self.repository!r})"


def github_access(
    repository: str | None, project: Path, environ: Mapping[str, str] = os.environ
) -> GithubAccess:
    """Everything needed to speak with GitHub.

    The repository is the requested one, else GITHUB_REPOSITORY, else that of the git remote
    `origin`; the token is GITHUB_TOKEN, else GH_TOKEN, else what `gh auth token` prints.
    GITHUB_API_URL is the address of a GitHub Enterprise.  Raises UsageError for what is missing
    or malformed.
    """
    api_url = _api_url(environ)
    return GithubAccess(
        api_url, repository_of(repository, project, environ), _token(api_url, environ)
    )


def repository_of(
    requested: str | None, project: Path, environ: Mapping[str, str] = os.environ
) -> str:
    """owner/name; UsageError when it cannot be told."""
    name = requested or environ.get("GITHUB_REPOSITORY", "").strip() or _of_remote(project)
    if not name:
        raise UsageError(
            "which repository? neither GITHUB_REPOSITORY nor a git remote named origin says it; "
            "`loadtui issue --repo OWNER/NAME` does"
        )
    if not _REPOSITORY.fullmatch(name):
        raise UsageError(f"--repo {name!r}: expected OWNER/NAME, for example octo/shop")
    return name


def _api_url(environ: Mapping[str, str]) -> str:
    url = environ.get("GITHUB_API_URL", "").strip().rstrip("/") or API_URL
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"GITHUB_API_URL={url!r} is no http(s) address; unset it for {API_URL}")
    if parts.username or parts.password:
        raise UsageError("GITHUB_API_URL holds a user or password; put the token in GITHUB_TOKEN")
    return url


def _token(api_url: str, environ: Mapping[str, str]) -> str:
    for name in ("GITHUB_TOKEN", "GH_TOKEN"):
        if token := environ.get(name, "").strip():
            return token
    token = _of_gh(api_url) or _no_token()
    SECRETS.add(token)
    return token


def _no_token() -> str:
    raise UsageError(
        "no token for GitHub: set GITHUB_TOKEN (it needs to write issues), or log in with "
        "`gh auth login`; `loadtui issue --dry-run` shows the issue without one"
    )


def _of_gh(api_url: str) -> str:
    if shutil.which("gh") is None:
        return ""
    host = urlsplit(api_url).hostname or ""
    host = "github.com" if host == "api.github.com" else host
    return _output(["gh", "auth", "token", "--hostname", host], None)


def _of_remote(project: Path) -> str:
    url = _output(["git", "remote", "get-url", "origin"], project)
    match = _REMOTE.search(url)
    return f"{match[1]}/{match[2]}" if match else ""


def _output(command: list[str], folder: Path | None) -> str:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=GH_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
