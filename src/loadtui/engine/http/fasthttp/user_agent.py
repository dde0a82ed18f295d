"""The stock user agent, which can go on with an exchange that the fast path has begun."""

from __future__ import annotations

from typing import Any

from locust.contrib.fasthttp import LocustUserAgent

from loadtui.engine.http.fasthttp.light_response import LightResponse
from loadtui.engine.http.stock_fallback import ReceivedBytesSocket, StockFallback


class Handover:
    """What the fast path leaves to the stock agent: an exchange that is whole, or the odd
    beginning of one."""

    __slots__ = ("begun", "first", "took_s")

    def __init__(self, begun: LightResponse | StockFallback, took_s: float) -> None:
        self.begun = begun
        self.took_s = took_s
        """The time the exchange has taken so far, in seconds."""
        self.first: Any = None
        """The stock agent's response to the first request, once there is one."""


class FastUserAgent(LocustUserAgent):
    """Redirects, cookies, statuses, retries and errors are the stock code's; it only finds the
    first exchange already made, whole or as far as it got."""

    handover: Handover | None = None

    def take_over(self, handover: Handover, sent: Any, send: Any) -> Any:
        """Go on from there, as `send`, the session's own sending of requests, does it."""
        self.handover = handover
        try:
            return send(sent.method, sent.url, payload=sent.payload, headers=sent.headers)
        finally:
            if self.handover is handover:  # nobody asked for it
                self.handover = None
                if (
                    isinstance(handover.begun, StockFallback)
                    and handover.begun.connection is not None
                ):
                    sent.pool.release_socket(handover.begun.connection)
            first = handover.first
            if first is not None and first._elapsed is not None:
                first._elapsed += handover.took_s

    def _urlopen(self, request: Any) -> Any:
        handover = self.handover
        if handover is None:
            return super()._urlopen(request)
        self.handover = None
        if isinstance(handover.begun, StockFallback):
            _prime(self.clientpool.get_client(request.url_split)._connection_pool, handover.begun)
            handover.first = super()._urlopen(request)
        else:
            handover.first = handover.begun
            handover.begun._made = request
        return handover.first


def _prime(pool: Any, odd: StockFallback) -> None:
    """Have the next connection taken from the pool be the one of `odd`.

    It is taken before anything else can run, so no other user gets it.
    """

    def get_socket() -> Any:
        del pool.get_socket
        if odd.connect_error is not None:
            raise odd.connect_error
        return ReceivedBytesSocket(odd)

    pool.get_socket = get_socket
