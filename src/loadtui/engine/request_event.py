"""What is counted of an event of `events.request`, whatever user code put into it.

An event is always counted as one request.  A value that cannot be used is left out, which makes
the event a malformed one: `flaw` then says in words what was the matter.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from loadtui.engine.encodable import shortened
from loadtui.engine.exception_text import failure_text
from loadtui.engine.untrusted import (
    MAX_DESCRIBED,
    as_text,
    attempted,
    described,
    shown_name,
    type_name,
)
from loadtui.samples.bins import MAX_US
from loadtui.samples.endpoint_table import MAX_NAME

MAX_MS = MAX_US / 1000
"""Longest response time there is a bin for; longer ones count as this."""
MAX_BYTES = 2**40
"""Longest response that is counted, so that sums of millions of them can be stored."""
NEAR_S = 5.0
"""How much earlier than `now - response_time` the start of an event is believed: user code may
have spent that time between the answer and the event."""
AHEAD_S = 1.0
"""How far in the future: clocks are stepped."""
NAMELESS = "(unreadable name)"
_TEXT = (str, bytes, bytearray)
"""What `float` would read a number from, and Locust would not."""


class RequestEvent(NamedTuple):
    method: str
    name: str
    start: float
    """Epoch seconds."""
    response_time: float | None
    """Milliseconds, 0 or more; None: not known."""
    size: int
    """Bytes."""
    failure: str | None
    """In words; None for a request that went well."""
    flaw: str
    """Which value could not be used as it was given, empty for a well-formed event."""


def read_event(given: dict[str, Any], now: float, began: float) -> RequestEvent:
    """What to count of the keyword arguments of an event that is fired at `now`.

    `began` is when the run began; both in epoch seconds.  Raises nothing, whatever was given.
    """
    flaws: list[str] = []
    method = _text(given, "request_type", flaws)
    name = _text(given, "name", flaws)
    response_time = _milliseconds(given.get("response_time"), flaws)
    size = _bytes(given.get("response_length"), flaws)
    failure = _failure(given.get("exception"), flaws)
    start = _start(given, now, began, response_time or 0.0)
    return RequestEvent(method, name, start, response_time, size, failure, ", ".join(flaws))


def _text(given: dict[str, Any], key: str, flaws: list[str]) -> str:
    value = given.get(key)
    if type(value) is str:
        return value
    if value is None:
        if key not in given:
            flaws.append(f"{key} was not given")
        return ""
    text = as_text(value)
    if text is None:
        flaws.append(f"{key} was a {type_name(value)} that cannot be shown as text")
        return NAMELESS
    return text


def _milliseconds(value: object, flaws: list[str]) -> float | None:
    if value is None:
        return None
    if type(value) is float:
        ms: float | None = value
    else:
        ms = None if issubclass(type(value), _TEXT) else attempted(float, value)
    if ms is None or not math.isfinite(ms):
        flaws.append(f"response_time was {described(value)}, not a number of milliseconds")
        return None
    if ms < 0:
        flaws.append(f"response_time was {described(value)}, counted as 0")
        return 0.0
    if ms > MAX_MS:
        flaws.append(f"response_time was {described(value)} ms, counted as {MAX_MS:.0f} ms")
        return MAX_MS
    return ms


def _bytes(value: object, flaws: list[str]) -> int:
    if type(value) is int and 0 <= value <= MAX_BYTES:
        return value
    if value is None or (type(value) is str and not value):
        return 0
    size = attempted(int, value)
    if size is None or not 0 <= size <= MAX_BYTES:
        flaws.append(f"response_length was {described(value)}, not a number of bytes")
        return 0
    return size


def _failure(value: object, flaws: list[str]) -> str | None:
    """Locust takes for a failure what is true."""
    if value is None:
        return None
    failed = attempted(bool, value)
    if failed is None:
        flaws.append(f"exception was a {type_name(value)} that is neither true nor false")
    elif not failed:
        return None
    return failure_text(value)


def _start(given: dict[str, Any], now: float, began: float, response_time: float) -> float:
    """The given start if it can be: user code passes milliseconds, other clocks, anything.

    Locust's HTTP clients, which pass `url` too, are believed back to the run's beginning: the
    event of a response that is read as a stream comes long after its response time.
    """
    value = given.get("start_time")
    ended = now - response_time / 1000
    if not issubclass(type(value), float):
        return ended
    start = float.__pos__(value)  # type: ignore[arg-type]  # a float, by the line before
    earliest = min(began, ended - NEAR_S) if "url" in given else ended - NEAR_S
    return start if earliest <= start <= now + AHEAD_S else ended


def malformed_remark(event: RequestEvent) -> str:
    """The remark on malformed events, this one being the first of them."""
    name = shown_name(f"{event.method[:MAX_DESCRIBED]} {event.name[:MAX_NAME]}".strip())
    endpoint = shortened(name, MAX_DESCRIBED) or "no name"
    return (
        "user code fired events.request with values that cannot be used as they are, the first "
        f"of {endpoint}: {event.flaw}"
    )
