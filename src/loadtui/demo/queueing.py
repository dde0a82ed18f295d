"""How long the embedded target takes: a few slots, a queue in front, seeded service times."""

from __future__ import annotations

import asyncio
import math
import random
from types import TracebackType
from typing import NamedTuple


class Slots:
    """A pool of `count` servers with one first-come-first-served queue: `async with slots: ...`."""

    def __init__(self, count: int) -> None:
        self._semaphore = asyncio.Semaphore(count)
        self.waiting = 0
        self.busy = 0

    async def __aenter__(self) -> None:
        self.waiting += 1
        try:
            await self._semaphore.acquire()
        finally:
            self.waiting -= 1
        self.busy += 1

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.busy -= 1
        self._semaphore.release()


class Lognormal:
    """Draws times from a generator of its own, seeded: the k-th is the same in every process."""

    def __init__(self, name: str, seed: int, median_s: float, sigma: float) -> None:
        self._random = random.Random(f"{name} {seed}")
        self._mu = math.log(median_s)
        self._sigma = sigma

    def __call__(self) -> float:
        """Seconds."""
        return self._random.lognormvariate(self._mu, self._sigma)


class Work(NamedTuple):
    """What one completion costs while it holds a slot."""

    prefill_s: float
    """Seconds to the first token."""
    token_s: float
    """Seconds for every further token, when no other slot is busy."""
    tokens: int
    fails: bool
    """True: answered with a 503 after the time of the first token."""

    def total_s(self, busy: int = 1) -> float:
        """Seconds for the whole of it while `busy` slots, its own included, are at work."""
        return self.prefill_s + self.token_s * crowding(busy) * (self.tokens - 1)


CROWDING = 0.06
"""By how much of itself every other busy slot lengthens the time of a token: they share the
memory's bandwidth, as sequences in one batch of an inference server do."""


def crowding(busy: int) -> float:
    """How many times as long a token takes while `busy` slots are at work."""
    return 1 + CROWDING * max(0, busy - 1)


class ServiceTimes:
    """The times of an inference server in miniature, drawn from seeded generators.

    A completion first reads its prompt (a fixed time and one for each of its tokens, times a
    lognormal factor), then makes a uniformly drawn number of tokens at a steady pace that slows
    down as slots get busy.  With a prompt of ten tokens and nobody else there that takes 15 ms on
    average, about fifty times less than a real one.  Other requests: lognormal, 3 ms at the median.
    """

    SLOTS = 32
    LIGHT_SLOTS = 32
    PREFILL_S = 0.004
    PREFILL_TOKEN_S = 0.0002
    PREFILL_SIGMA = 0.5
    TOKEN_S = 0.0015
    TOKENS = (4, 9)
    LIGHT_MEDIAN_S = 0.003
    LIGHT_SIGMA = 0.3

    def __init__(self, seed: int, *, slow: float = 1.0, error_rate: float = 0.0) -> None:
        self._draw = random.Random(f"chat {seed}")
        self._light = Lognormal("light", seed, self.LIGHT_MEDIAN_S, self.LIGHT_SIGMA)
        self._slow = slow
        self._error_rate = error_rate

    def completion(self, prompt_tokens: int = 10, max_tokens: int | None = None) -> Work:
        """Cost of the next completion of at most `max_tokens` tokens."""
        draw = self._draw
        prefill = self.PREFILL_S + self.PREFILL_TOKEN_S * prompt_tokens
        prefill *= draw.lognormvariate(0.0, self.PREFILL_SIGMA)
        tokens = draw.randint(*self.TOKENS)
        fails = draw.random() < self._error_rate
        if max_tokens is not None:
            tokens = min(tokens, max_tokens)
        return Work(prefill * self._slow, self.TOKEN_S * self._slow, tokens, fails)

    def light(self) -> float:
        """Seconds that the next request for models or health takes."""
        return self._light() * self._slow
