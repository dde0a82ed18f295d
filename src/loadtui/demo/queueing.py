"""How long the embedded target takes: a few servers, a queue in front, seeded service times."""

from __future__ import annotations

import asyncio
import math
import random
from types import TracebackType
from typing import NamedTuple


class Work(NamedTuple):
    """What one chat completion costs while it holds a slot."""

    first_s: float
    """Seconds to the first token."""
    token_s: float
    """Seconds for every further token."""
    tokens: int
    fails: bool
    """True: answered with a 503 after the time of the first token."""

    @property
    def total_s(self) -> float:
        return self.first_s + self.token_s * (self.tokens - 1)


class Slots:
    """A pool of `count` servers with one first-come-first-served queue: `async with slots: ...`."""

    def __init__(self, count: int) -> None:
        self._semaphore = asyncio.Semaphore(count)
        self.waiting = 0

    async def __aenter__(self) -> None:
        self.waiting += 1
        try:
            await self._semaphore.acquire()
        finally:
            self.waiting -= 1

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._semaphore.release()


class ServiceTimes:
    """Draws service times from a seeded generator: the k-th draw is the same in every process.

    Chat: a lognormal time to the first token, then a steady pace for a uniformly drawn number of
    tokens (mean of the whole: 16 ms with `slow` 1).  Other requests: lognormal, 3 ms at the median.
    """

    CHAT_SLOTS = 5
    LIGHT_SLOTS = 4
    FIRST_MEDIAN_S = 0.006
    FIRST_SIGMA = 0.5
    TOKEN_S = 0.0008
    TOKENS = (6, 19)
    LIGHT_MEDIAN_S = 0.003
    LIGHT_SIGMA = 0.3

    def __init__(self, seed: int, *, slow: float = 1.0, error_rate: float = 0.0) -> None:
        self._chat = random.Random(f"chat {seed}")
        self._light = random.Random(f"light {seed}")
        self._slow = slow
        self._error_rate = error_rate

    def chat(self, max_tokens: int | None = None) -> Work:
        """Cost of the next chat completion of at most `max_tokens` tokens."""
        draw = self._chat
        first = draw.lognormvariate(math.log(self.FIRST_MEDIAN_S), self.FIRST_SIGMA)
        tokens = draw.randint(*self.TOKENS)
        fails = draw.random() < self._error_rate
        if max_tokens is not None:
            tokens = min(tokens, max_tokens)
        return Work(first * self._slow, self.TOKEN_S * self._slow, tokens, fails)

    def light(self) -> float:
        """Seconds that the next request for models or health takes."""
        median = math.log(self.LIGHT_MEDIAN_S)
        return self._light.lognormvariate(median, self.LIGHT_SIGMA) * self._slow
