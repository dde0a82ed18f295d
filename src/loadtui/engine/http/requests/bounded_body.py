"""The body of a response that urllib3 reads, for requests, which collects it whole."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import Any

from urllib3.response import HTTPResponse

from loadtui.engine.http.requests.bounded_stock_file import BoundedStockMessage
from loadtui.engine.http.requests.urllib3_internals import original_response
from loadtui.engine.http.response_limits import ResponseAllowance, ResponseTooLong


def bound_body(raw: HTTPResponse, request: Any) -> None:
    """Have what `raw.stream` reads, and what it gives out, decompressed, end at an allowance.

    It raises ResponseTooLong then, bare, as requests' sessions pass it on.
    """
    message = original_response(raw)
    if isinstance(message, BoundedStockMessage):
        message.bound()
    weakly = weakref.ref(raw)  # it would hold itself

    def stream(*args: Any, **kwargs: Any) -> Iterator[bytes]:
        response = weakly()
        assert response is not None
        allowance = ResponseAllowance()
        allowance.bound()
        try:
            for data in type(response).stream(response, *args, **kwargs):
                try:
                    allowance.take(len(data))
                except ResponseTooLong:
                    response.close()
                    raise
                yield data
        except Exception as error:
            raise_too_long(error, request)
            raise

    raw.__dict__["stream"] = stream


def raise_too_long(error: BaseException, request: Any) -> None:
    """Raise the ResponseTooLong that urllib3 and requests have wrapped, if it is one: so that it
    reads the same with both kinds of users."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, ResponseTooLong):
            inner.request = request
            raise inner from None
        inner = inner.__cause__ or inner.__context__
