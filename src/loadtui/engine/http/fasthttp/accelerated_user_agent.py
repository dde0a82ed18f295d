"""The stock user agent, which can continue an exchange that the fast path has begun."""

from __future__ import annotations

from typing import Any

from locust.contrib.fasthttp import LocustUserAgent

from loadtui.engine.http.fasthttp.geventhttpclient_internals import connection_pool
from loadtui.engine.http.fasthttp.handover import Handover, lend_fallback
from loadtui.engine.http.fasthttp.lazy_fast_response import BoundedFastResponse
from loadtui.engine.http.stock_fallback import StockFallback


class AcceleratedUserAgent(LocustUserAgent):
    """Redirects, cookies, statuses, retries and errors are the stock code's; it only finds the
    first exchange already made, whole or as far as it got."""

    response_type = BoundedFastResponse
    handover: Handover | None = None

    def take_over(self, handover: Handover, sent: Any, send: Any) -> Any:
        """Continue from there, as `send`, the session's own sending of requests, does it."""
        self.handover = handover
        begun = handover.begun
        try:
            return send(sent.method, sent.url, payload=sent.payload, headers=sent.headers)
        finally:
            if self.handover is handover:  # nobody asked for it
                self.handover = None
                if isinstance(begun, StockFallback) and begun.connection is not None:
                    sent.pool.release_socket(begun.connection)
            first = handover.stock_response
            if first is not None and first._elapsed is not None:
                first._elapsed += handover.took_s

    def _urlopen(self, request: Any) -> Any:
        handover = self.handover
        if handover is None:
            return super()._urlopen(request)
        self.handover = None
        begun = handover.begun
        if isinstance(begun, StockFallback):
            lend_fallback(connection_pool(self.clientpool.get_client(request.url_split)), begun)
            handover.stock_response = super()._urlopen(request)
        else:
            handover.stock_response = begun
            begun.built_request = request
        return handover.stock_response
