"""The body of a response that urllib3 reads, for requests, which collects it whole."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import Any

from urllib3.exceptions import ProtocolError
from urllib3.response import HTTPResponse

from loadtui.engine.http.response_limits import ResponseAllowance, ResponseTooLong


def bound_body(raw: HTTPResponse) -> None:
    """Have what `raw.stream` gives out, decompressed, end at its allowance with a ProtocolError."""
    weakly = weakref.ref(raw)  # it would hold itself

    def stream(*args: Any, **kwargs: Any) -> Iterator[bytes]:
        response = weakly()
        assert response is not None
        allowance = ResponseAllowance()
        for data in type(response).stream(response, *args, **kwargs):
            try:
                allowance.take(len(data))
            except ResponseTooLong as error:
                response.close()
                raise ProtocolError(str(error)) from None
            yield data

    raw.__dict__["stream"] = stream
