"""Responses that geventhttpclient reads, which knows no bound itself."""

from __future__ import annotations

from typing import Any

import geventhttpclient.response

from loadtui.engine.http import response_limits
from loadtui.engine.http.fasthttp.geventhttpclient_internals import ContinueProbe
from loadtui.engine.http.response_limits import (
    ResponseAllowance,
    head_too_long,
    response_too_long,
)


class BoundedStockResponse(geventhttpclient.response.HTTPSocketPoolResponse):
    """A response of any length, as long as its body is read in pieces."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._beside_body = 0
        """Bytes since the last part of the body."""
        self._allowance = ResponseAllowance()
        self._left_to_client = "pre_buffered" in kwargs
        """Whether the client itself gives the connection back when the head is not to be had, as it
        does after it has waited for a 100: twice would be once too often."""
        super().__init__(*args, **kwargs)
        self._left_to_client = False

    def feed(self, data: str | bytes) -> None:
        """As the stock one.  Raises ResponseTooLong too."""
        size = len(data)
        self._beside_body += size
        super().feed(data)
        if self._beside_body > response_limits.MAX_HEAD_BYTES:
            if self._left_to_client:
                self._sock = self._pool = None
            raise head_too_long()
        if len(self._body_buffer) > response_limits.MAX_RESPONSE_BYTES:
            raise response_too_long()
        self._allowance.take(size)

    def read(self, length: int | None = None) -> bytes:
        """As the stock one.  Raises ResponseTooLong too."""
        if length is None:
            self._allowance.bound()
        body: bytes = super().read(length)
        return body

    def _on_body(self, buf: bytearray) -> None:
        self._beside_body = 0
        super()._on_body(buf)

    def _on_message_complete(self) -> None:
        if self._left_to_client and self.get_code() < 200:  # more is read from the connection
            self.message_complete = True
        else:
            super()._on_message_complete()


class BoundedContinueProbe(ContinueProbe):
    """What waits for a 100 before a body is sent."""

    _fed = 0

    def feed(self, data: str | bytes) -> None:
        """As the stock one.  Raises ResponseTooLong too."""
        self._fed += len(data)
        if self._fed > response_limits.MAX_HEAD_BYTES:
            raise head_too_long()
        super().feed(data)
