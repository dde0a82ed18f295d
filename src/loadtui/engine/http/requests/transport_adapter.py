"""The transport that HttpUser's sessions send with: urllib3's connections, our own exchange."""

from __future__ import annotations

import re
import time
import weakref
from typing import Any

from locust.clients import LocustHttpAdapter
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from requests.models import PreparedRequest, Response
from requests.structures import CaseInsensitiveDict
from requests.utils import select_proxy
from urllib3.connectionpool import log
from urllib3.response import HTTPResponse

from loadtui.engine.http.deadlines import Deadlines
from loadtui.engine.http.request_head import MAX_CACHED_HEADS, RequestHead
from loadtui.engine.http.requests.begun_exchange import BegunExchange
from loadtui.engine.http.requests.bounded_body import bound_body, raise_too_long
from loadtui.engine.http.requests.lazy_response import LazyResponse, lazy_response
from loadtui.engine.http.requests.pooled_connection import Unsuited, release_connection
from loadtui.engine.http.requests.pooled_exchange import pooled_exchange
from loadtui.engine.http.requests.urllib3_head import build_urllib3_head
from loadtui.engine.http.requests.urllib3_internals import encode_target
from loadtui.engine.http.stock_fallback import StockFallback

ORIGIN = re.compile(r"https?://[^/?#@\\]+")
_DEBUG = 10
_STOCK_SEND = HTTPAdapter.send


class _SentPreparedRequest:
    """A prepared request that is being sent, as LazyResponse wants it."""

    def __init__(self, adapter: AcceleratedAdapter, prepared: PreparedRequest, target: str) -> None:
        self.adapter = adapter
        self.method = prepared.method
        self.target = target
        self.url = prepared.url
        self._prepared = prepared

    def request(self) -> PreparedRequest:
        return self._prepared


class AcceleratedAdapter(LocustHttpAdapter):
    """Sends ordinary requests itself and leaves the others to the stock adapter.

    A prepared request may carry `begun`: a response that has arrived already, or a BegunExchange.
    """

    deadlines: Deadlines

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stock_retries = self.max_retries
        self._pools: dict[Any, weakref.ref[Any]] = {}
        self._heads: dict[Any, RequestHead | None] = {}

    @property
    def is_ordinary(self) -> bool:
        """False: every request has to be the stock adapter's."""
        return (
            type(self) is AcceleratedAdapter
            and HTTPAdapter.send is _STOCK_SEND  # where others hook in
            and self.max_retries is self._stock_retries
            and not log.isEnabledFor(_DEBUG)
        )

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: dict[str, str] | None = None,
    ) -> Response:
        """As HTTPAdapter.send."""
        begun = request.__dict__.pop("begun", None)
        if begun is None and not stream and self.is_ordinary:
            begun = self._begin(request, timeout, verify, cert, proxies)
        if isinstance(begun, LazyResponse):
            return begun
        sending = (request, stream, timeout, verify, cert, proxies)
        try:
            response = self._send_stock(begun, *sending)
        except RequestException as error:
            raise_too_long(error, request)
            raise
        if not stream and type(response.raw) is HTTPResponse:
            bound_body(response.raw, request)
        return response

    def _send_stock(self, begun: BegunExchange | None, request: Any, *settings: Any) -> Response:
        """As HTTPAdapter.send, from where the exchange has begun."""
        response: Response
        if begun is None:
            response = super().send(request, *settings)
            return response
        request.__dict__["pool"] = begun.pool
        begun.lend()
        try:
            response = super().send(request, *settings)
            return response
        finally:
            request.__dict__.pop("pool", None)
            begun.take_back()

    def get_connection_with_tls_context(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """As HTTPAdapter's, but an exchange that was begun stays in its pool."""
        pool = request.__dict__.get("pool")
        return pool or super().get_connection_with_tls_context(request, *args, **kwargs)

    def pool_of(self, request: PreparedRequest, origin: str, verify: Any, cert: Any) -> Any:
        """urllib3's pool for this request.  Raises what the stock adapter raises.

        Known ones are not asked for again, and not kept alive: closing a session drops them.
        """
        key = (origin, verify, type(verify), cert)
        known = self._pools.get(key)
        pool = known and known()
        if pool is None:
            pool = self.get_connection_with_tls_context(request, verify, cert=cert)
            self.cert_verify(pool, request.url, verify, cert)
            self._pools[key] = weakref.ref(pool)
        return pool

    def _begin(
        self, request: Any, timeout: Any, verify: Any, cert: Any, proxies: Any
    ) -> LazyResponse | BegunExchange | None:
        """Send an ordinary request; None when it is not one, and nothing was sent."""
        timeouts = timeouts_of(timeout)
        url, body = request.url, request.body
        origin = ORIGIN.match(url) if type(url) is str else None
        if timeouts is None or origin is None or type(request.headers) is not CaseInsensitiveDict:
            return None
        if proxies and select_proxy(url, proxies):
            return None
        try:
            target = encode_target(request.path_url)
            data = self._data(request, origin[0], target, body, verify, cert)
            if data is None:
                return None
            pool = self.pool_of(request, origin[0], verify, cert)
        except Exception:
            return None  # the stock adapter says the same, where it is expected
        start = time.perf_counter()
        try:
            connection, received = pooled_exchange(pool, data, *timeouts, self.deadlines)
        except Unsuited:
            return None
        except StockFallback as fallback:
            return BegunExchange(pool, fallback)
        response = lazy_response(received, _SentPreparedRequest(self, request, target), start)
        if response is None:
            return BegunExchange(pool, received.as_fallback(connection))
        release_connection(pool, connection, received)
        return response

    def _data(
        self, request: Any, origin: str, target: str, body: Any, verify: Any, cert: Any
    ) -> bytes | None:
        """The request as urllib3 would send it."""
        headers = request.headers._store
        if body is None:
            body = b""
            lines = tuple(headers.values())
        elif body and type(body) in (bytes, str):
            body = body.encode("utf-8") if type(body) is str else body
            if headers.get("content-length", ("", ""))[1] != str(len(body)):
                return None
            lines = tuple(line for name, line in headers.items() if name != "content-length")
        else:
            return None
        key = (origin, request.method, bool(body), lines)
        if key in self._heads:
            head = self._heads[key]
        else:
            if len(self._heads) >= MAX_CACHED_HEADS:
                self._heads.clear()
            pool = self.pool_of(request, origin, verify, cert)
            head = self._heads[key] = build_urllib3_head(
                pool, request.method, request.headers, body or None
            )
        return None if head is None else head.request(target, body)


def timeouts_of(timeout: Any) -> tuple[float | None, float | None] | None:
    """Connect and read timeout in seconds; None for values that urllib3 has to judge."""
    if timeout is None:
        return None, None
    if type(timeout) is not tuple:
        timeout = (timeout, timeout)
    if len(timeout) != 2:
        return None
    for value in timeout:
        if value is not None and (type(value) not in (int, float) or not value > 0):
            return None
    connect, read = timeout
    return connect, read
