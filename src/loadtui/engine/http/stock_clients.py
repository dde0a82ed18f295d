"""Which clients have to stay Locust's own with the versions that are installed."""

from __future__ import annotations

import functools
from typing import NamedTuple

from loadtui.engine.http.fasthttp.geventhttpclient_internals import GEVENTHTTPCLIENT
from loadtui.engine.http.gevent_internals import GEVENT
from loadtui.engine.http.locust_client_internals import LOCUST_FOR_FASTHTTP, LOCUST_FOR_REQUESTS
from loadtui.engine.http.private_names import Dependency, first_problem
from loadtui.engine.http.requests.requests_internals import REQUESTS
from loadtui.engine.http.requests.urllib3_internals import URLLIB3
from loadtui.engine.http.stdlib_internals import STDLIB_FOR_FASTHTTP, STDLIB_FOR_REQUESTS

FASTHTTP_DEPENDENCIES: tuple[Dependency, ...] = (
    GEVENT,
    STDLIB_FOR_FASTHTTP,
    GEVENTHTTPCLIENT,
    LOCUST_FOR_FASTHTTP,
)
REQUESTS_DEPENDENCIES: tuple[Dependency, ...] = (
    GEVENT,
    STDLIB_FOR_REQUESTS,
    URLLIB3,
    REQUESTS,
    LOCUST_FOR_REQUESTS,
)


class StockClients(NamedTuple):
    """Why user classes send with Locust's own client; None where they take the fast path."""

    fast_http_user: str | None
    http_user: str | None

    def __bool__(self) -> bool:
        """Whether one of them does."""
        return self.fast_http_user is not None or self.http_user is not None


@functools.cache
def stock_clients() -> StockClients:
    """Looks at the versions that are installed, once a process; to be called before the fast path
    is installed."""
    return StockClients(first_problem(FASTHTTP_DEPENDENCIES), first_problem(REQUESTS_DEPENDENCIES))
