"""What `loadtui init` asks a person who gave it nothing."""

from __future__ import annotations

import sys
from typing import NamedTuple

import click

from loadtui.errors import UsageError

EXAMPLE_URL = "http://127.0.0.1:8000"
NOTHING_GIVEN = (
    "there is nothing to start from; give a URL, a locustfile, or one of --openapi, --har, --curl "
    f"and --postman, for example `loadtui init {EXAMPLE_URL}`"
)
MOST_USERS, MOST_S = 100_000, 86_400


class InitAnswers(NamedTuple):
    url: str
    name: str
    users: int
    duration: str


def can_ask() -> bool:
    """Whether there is a person who can answer: keys come from stdin, questions go to stderr."""
    return all(
        stream is not None and not stream.closed and stream.isatty()
        for stream in (sys.__stdin__, sys.__stderr__)
    )


def asked_answers(name: str | None, users: int, duration: str) -> InitAnswers:
    """Ask for what was not given.  Raises UsageError where nobody can answer."""
    if not can_ask():
        raise UsageError(NOTHING_GIVEN)
    url = asked_url("URL of the service", EXAMPLE_URL)
    name = name or _asked("name of the plan", "load-test")
    users = click.prompt("users", default=users, err=True, type=click.IntRange(1, MOST_USERS))
    return InitAnswers(url, name, users, _asked("duration", duration))


def asked_url(what: str, default: str | None) -> str:
    return _asked(what, default)


def _asked(what: str, default: str | None) -> str:
    answer: str = click.prompt(what, default=default, err=True, type=str)
    return answer.strip()
