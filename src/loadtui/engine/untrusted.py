"""Values that user code gave, of any type: asking them for anything may raise anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from gevent import Timeout
from greenlet import GreenletExit

from loadtui.engine.encodable import shortened
from loadtui.known_secrets import SECRETS
from loadtui.samples.endpoint_table import MAX_NAME

T = TypeVar("T")

MAX_DESCRIBED = 80
"""Characters of a value that are shown in a remark."""
_LOOKED_AT = 5_000
"""Characters in which secrets are looked for."""


def attempted(ask: Callable[[Any], T], value: object) -> T | None:
    """What `ask` makes of the value, None when that raises; what ends a greenlet is let through."""
    try:
        return ask(value)
    except (GreenletExit, Timeout, KeyboardInterrupt):
        raise
    except BaseException:
        return None


def as_text(value: object) -> str | None:
    """The value as a string that is nothing but one, None when it cannot be shown as text."""
    # Twice, since str() may give a subclass of str with methods of its own.
    return attempted(lambda it: str.__str__(str(it)), value)


def type_name(value: object) -> str:
    name = attempted(lambda it: type(it).__name__, value) or "object"
    return shortened(name, MAX_DESCRIBED)


def shown_name(text: str) -> str:
    """A name as it is recorded: without secrets, in no more than MAX_NAME characters."""
    return shortened(SECRETS.hidden_name(text[:_LOOKED_AT]), MAX_NAME)


def described(value: object) -> str:
    """The value in a few characters, for a remark; without secrets."""
    text = attempted(lambda it: str.__str__(repr(it)), value)
    if text is None:
        return f"something of type {type_name(value)} that cannot be shown"
    return shortened(SECRETS.hidden(" ".join(text[:_LOOKED_AT].split())), MAX_DESCRIBED)
