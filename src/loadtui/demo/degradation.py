"""Trouble to order: how much slower, how many errors, and when nothing moves at all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from loadtui.plan.units import parse_duration

if TYPE_CHECKING:  # The command line reads a stall where the target's packages may be missing.
    from starlette.types import ASGIApp, Receive, Scope, Send


class Stall(NamedTuple):
    """For `length_s` seconds of every `every_s` nothing is answered."""

    length_s: float
    every_s: float

    def __str__(self) -> str:
        return f"{self.length_s:g}s/{self.every_s:g}s"


def parse_stall(text: str) -> Stall:
    """Read `5s/60s`; ValueError, a sentence, for anything else."""
    length, slash, every = text.partition("/")
    try:
        if not slash:
            raise ValueError
        stall = Stall(parse_duration(length.strip()), parse_duration(every.strip()))
    except ValueError:
        raise ValueError(
            f"expected a length and how often such as 5s/60s, found {text!r}"
        ) from None
    if not 0 < stall.length_s < stall.every_s:
        raise ValueError(f"expected a stall that is shorter than its period, found {text!r}")
    return stall


class Degradation(NamedTuple):
    """What is wrong with a service; by default nothing."""

    slow: float = 1.0
    """Multiplies service times."""
    error_rate: float = 0.0
    """Share of requests (0 to 1) that fail, of those for which the service has an error."""
    stall: Stall | None = None


NO_DEGRADATION = Degradation()


class StallClock:
    """Where in its period a stall is; the period counts from when this was made, and the stall is
    its last part."""

    def __init__(self, stall: Stall | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stall = stall
        self._clock = clock
        self._begun = clock()

    def left(self) -> float:
        """Seconds until the stall that is on is over; 0 when none is."""
        if self._stall is None:
            return 0.0
        length, every = self._stall
        left = every - (self._clock() - self._begun) % every
        return left if left <= length else 0.0


class Stalled:
    """An application that takes up no request while a stall is on."""

    def __init__(self, app: ASGIApp, stall: StallClock) -> None:
        self._app = app
        self._stall = stall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (left := self._stall.left()):
            await asyncio.sleep(left)
        await self._app(scope, receive, send)


def with_stall(app: ASGIApp, stall: Stall | None) -> ASGIApp:
    return app if stall is None else Stalled(app, StallClock(stall))
