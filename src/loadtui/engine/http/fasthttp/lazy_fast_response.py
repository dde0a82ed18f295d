"""FastHttpUser's responses: the stock classes, with headers and request built when looked at."""

from __future__ import annotations

import zlib
from typing import Any

from geventhttpclient.connectionpool import ConnectionPool
from geventhttpclient.header import Headers
from locust.contrib.fasthttp import FastRequest, FastResponse, ResponseContextManager

from loadtui.engine.http.bounded_decoding import decompress_brotli, decompress_deflate
from loadtui.engine.http.fasthttp.fast_request_head import make_request
from loadtui.engine.http.message import ResponseMessage


class SentFastRequest:
    """A request as it is sent, and what is needed to build its object, should anybody ask for it.

    Does not change, so the same one serves all requests that are alike.
    """

    __slots__ = ("agent", "cookie", "data", "headers", "method", "payload", "pool", "url")

    def __init__(
        self,
        agent: Any,
        method: str,
        url: str,
        headers: dict[str, str],
        payload: Any,
        cookie: str | None,
        pool: ConnectionPool,
        data: bytes,
    ) -> None:
        self.agent = agent
        self.method = method
        self.url = url
        self.headers = headers
        self.payload = payload
        self.cookie = cookie
        """The Cookie header from the jar."""
        self.pool = pool
        self.data = data
        """As it was sent, body included."""

    def head(self) -> str:
        return self.data.partition(b"\r\n\r\n")[0].decode("latin-1") + "\r\n\r\n"

    def request(self) -> FastRequest:
        return make_request(
            self.agent, self.url, self.method, self.headers, self.payload, self.cookie
        )


class BoundedFastResponse(FastResponse):
    """The stock response, whose body may not become any length when it is decompressed."""

    def unzipped(self, gzip: bool = True, br: bool = False) -> bytes:
        """As the stock one.  Raises ResponseTooLong too."""
        body: bytes = self._response.read()
        if gzip:
            return decompress_deflate(body, 16 + zlib.MAX_WBITS)
        if br:
            return decompress_brotli(body)
        try:
            return decompress_deflate(body, -zlib.MAX_WBITS)
        except zlib.error:  # a server may send it with zlib's head or without
            return decompress_deflate(body, zlib.MAX_WBITS)


class LazyFastResponse(BoundedFastResponse):
    """What a request without catch_response returns; made of a ResponseMessage."""

    _response: ResponseMessage
    _sent: SentFastRequest
    built_request: FastRequest | None = None
    _hops: list[Any] | None = None

    def __init__(self, message: ResponseMessage, sent: SentFastRequest) -> None:
        self._response = message
        self._sent = sent

    @property
    def headers(self) -> Headers:
        return self._response._headers_index

    @property
    def request(self) -> FastRequest:
        if self.built_request is None:
            self.built_request = self._sent.request()
        return self.built_request

    @property
    def _request(self) -> FastRequest:
        return self.request

    @property
    def _sent_request(self) -> str:
        return self._sent.head()

    @property
    def _history(self) -> list[Any]:
        if self._hops is None:
            self._hops = []
        return self._hops

    @_history.setter
    def _history(self, hops: list[Any]) -> None:
        self._hops = hops


class LazyFastContextManager(LazyFastResponse, ResponseContextManager):
    """What a request with catch_response returns."""

    def __init__(
        self, response: LazyFastResponse, request_event: Any, request_meta: dict[str, Any]
    ) -> None:
        self.__dict__.update(response.__dict__)
        self._elapsed = response._elapsed
        if hasattr(response, "_cached_content"):
            self._cached_content = response._cached_content
        self._request_event = request_event
        self.request_meta = request_meta
        self._catch_response = True
