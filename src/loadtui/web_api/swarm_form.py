"""The form of Locust's `/swarm`: read, checked and refused as Locust does."""

from __future__ import annotations

import email.parser
import email.policy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qsl

from loadtui.plan.locust_timespan import FORMATS, parse_timespan
from loadtui.plan.model import MOST_USERS
from loadtui.wire.swarm import Swarm

N = TypeVar("N", int, float)
Fields = Sequence[tuple[str, str]]
MISSING_LOAD = "Missing or invalid user_count or spawn_rate from /swarm request"
_NO_OPTIONS = frozenset({"user_count", "spawn_rate", "run_time", "host", "user_classes", "profile"})


class SwarmRefused(Exception):
    """Why nothing is swarmed, in Locust's words where it has some."""


@dataclass
class SwarmForm:
    """What was asked for, each part as far as the form has it."""

    users: int | None = None
    spawn_rate: float | None = None
    """Users a second."""
    run_time_s: int | None = None
    host: str | None = None
    options: dict[str, list[str]] = field(default_factory=dict)
    """All other fields: options by the names they have in `environment.parsed_options`."""

    def swarm(self) -> Swarm:
        """What it asks for; SwarmRefused without a number of users and a spawn rate that can be."""
        users, rate = self.users, self.spawn_rate
        if users is None or rate is None or not 0 < rate < math.inf:
            raise SwarmRefused(MISSING_LOAD)
        if not 0 <= users <= MOST_USERS:
            raise SwarmRefused(MISSING_LOAD)
        return Swarm(users, rate, self.run_time_s, self.host, self.options)


def form_fields(content_type: str, body: bytes) -> Fields:
    """Names and values of a posted form, none for what is no form."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    if kind != "multipart/form-data":
        return []
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    fields = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            fields.append((name, content.decode(errors="replace")))
    return fields


def swarm_form(fields: Fields) -> SwarmForm:
    """What the fields say; of one that comes twice the first.  SwarmRefused for the first that
    cannot be read."""
    form = SwarmForm()
    for name, value in fields:
        if name not in _NO_OPTIONS:
            form.options.setdefault(name, []).append(value)
    for name, value in dict(reversed(fields)).items():
        match name:
            case "user_count":
                form.users = _number(int, name, value, "an integer")
            case "spawn_rate":
                form.spawn_rate = _number(float, name, value, "a number")
            case "run_time" if value:
                form.run_time_s = _seconds(value)
            case "host":
                form.host = value.replace("<", "").replace(">", "")
    return form


def _number(kind: Callable[[str], N], name: str, value: str, expected: str) -> N:
    try:
        return kind(value)
    except ValueError:
        raise SwarmRefused(f"Invalid {name} value: {value!r} (must be {expected})") from None


def _seconds(text: str) -> int:
    try:
        return parse_timespan(text)
    except ValueError:
        raise SwarmRefused(f"Valid run_time formats are : {FORMATS}") from None
