"""What FastHttpUser's fast path leaves to the stock agent."""

from __future__ import annotations

from typing import Any

from loadtui.engine.http.fasthttp.geventhttpclient_internals import lend_once
from loadtui.engine.http.fasthttp.lazy_fast_response import LazyFastResponse
from loadtui.engine.http.stock_fallback import ReceivedBytesSocket, StockFallback


class Handover:
    """An exchange that is whole, or the beginning of an unusual one."""

    __slots__ = ("begun", "stock_response", "took_s")

    def __init__(self, begun: LazyFastResponse | StockFallback, took_s: float) -> None:
        self.begun = begun
        self.took_s = took_s
        """The time the exchange has taken so far, in seconds."""
        self.stock_response: Any = None
        """The stock agent's response to the first request, once there is one."""


def lend_fallback(pool: Any, fallback: StockFallback) -> None:
    """Have the next connection taken from the pool be that of `fallback`.

    It is taken before anything else can run, so no other user gets it.
    """

    def take() -> Any:
        if fallback.connect_error is not None:
            raise fallback.connect_error
        return ReceivedBytesSocket(fallback)

    lend_once(pool, take)
