"""The stock user agent, which can go on with an exchange that the fast path has begun."""

from __future__ import annotations

from typing import Any

from locust.contrib.fasthttp import LocustUserAgent

from loadtui.engine.http.odd import Odd, ReplaySocket
from loadtui.engine.http.response import LightResponse


class FastUserAgent(LocustUserAgent):
    """Redirects, cookies, statuses, retries and errors are the stock code's; it only finds the
    first exchange already made, whole (`arrived`) or as far as it got (`begun`)."""

    arrived: LightResponse | None = None
    begun: Odd | None = None

    def _urlopen(self, request: Any) -> Any:
        arrived, self.arrived = self.arrived, None
        if arrived is not None:
            arrived._made = request
            return arrived
        odd, self.begun = self.begun, None
        if odd is not None:
            _prime(self.clientpool.get_client(request.url_split)._connection_pool, odd)
        return super()._urlopen(request)


def _prime(pool: Any, odd: Odd) -> None:
    """Have the next connection taken from the pool be the one of `odd`.

    It is taken before anything else can run, so no other user gets it.
    """

    def get_socket() -> Any:
        del pool.get_socket
        if odd.connect_error is not None:
            raise odd.connect_error
        return ReplaySocket(odd)

    pool.get_socket = get_socket
