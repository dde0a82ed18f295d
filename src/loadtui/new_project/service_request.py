"""Requests to a service, whatever they were read from, as a locustfile is to send them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Those that change nothing on the server, by HTTP's own rules."""
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
"""Types of bodies that are fields."""
METHODS = frozenset({*SAFE_METHODS, "POST", "PUT", "PATCH", "DELETE"})


class _NoBody:
    """Tells a request without JSON from one whose JSON is null."""


NO_JSON = _NoBody()


@dataclass(frozen=True)
class FromEnvironment:
    """A value that is read from the environment, since it must not be in a file."""

    variable: str
    """Name of the environment variable, which is a Python name too."""
    before: str = ""
    """Text in front of the value, as `Bearer `."""


HeaderValue = str | FromEnvironment


@dataclass(frozen=True)
class FilePart:
    """A file in a form of several parts."""

    field: str
    filename: str
    """Empty: a field of text, sent without the name of a file."""
    content: str = "test"


@dataclass(frozen=True)
class ServiceRequest:
    """One request, which becomes one task."""

    method: str
    """One of METHODS."""
    path: str
    """From the slash after the host on, with values, and with the query."""
    name: str = ""
    """How its endpoint is called where the path has values: `/users/{id}`; empty: the path."""
    title: str = ""
    """What the source calls it, as `listUsers`."""
    headers: Mapping[str, HeaderValue] = field(default_factory=dict)
    secret_query: Mapping[str, FromEnvironment] = field(default_factory=dict)
    """Parameters of the query that are read from the environment."""
    user_and_password: tuple[str, str] | None = None
    """Environment variables of these."""
    json: Any = NO_JSON
    """Values of JSON; strings in it may be FromEnvironment."""
    data: str | Mapping[str, HeaderValue] | None = None
    """A body as it is, or the fields of a form."""
    files: tuple[FilePart, ...] = ()
    weight: int = 1
    """0: written, and not sent until somebody raises it."""

    @property
    def endpoint(self) -> str:
        return self.name or self.path.partition("?")[0]

    def variables(self) -> Iterator[str]:
        """The environment variables that it reads, in the order in which they come."""
        yield from self.user_and_password or ()
        for values in (self.headers, self.secret_query, self.data, self.json):
            yield from _variables(values)


@dataclass(frozen=True)
class NewService:
    """All that was read."""

    title: str
    """Empty where nobody named it."""
    host: str
    """Base URL without a slash at its end; empty where the source does not say."""
    requests: tuple[ServiceRequest, ...]
    told: tuple[str, ...] = ()
    """Sentences on what was left out, or is not as one might expect."""


def _variables(value: object) -> Iterator[str]:
    if isinstance(value, FromEnvironment):
        yield value.variable
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _variables(one)
    elif isinstance(value, list):
        for one in value:
            yield from _variables(one)
