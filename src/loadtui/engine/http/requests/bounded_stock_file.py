"""What http.client and urllib3 read from a connection: they know no bound for some of its lines."""

from __future__ import annotations

import http.client
import io
from typing import Any

from loadtui.engine.http import response_limits
from loadtui.engine.http.response_limits import ResponseAllowance, head_too_long


class BoundedStockFile(io.BufferedReader):
    """Lines are what comes beside the body; the rest of what is read is the body."""

    def __init__(self, raw: Any) -> None:
        super().__init__(raw)
        self._beside_body = 0
        """Bytes since the last part of the body."""
        self._allowance = ResponseAllowance()

    def bound(self) -> None:
        """From now on the response may be no longer than one that is read as a whole."""
        self._allowance.bound()

    def readline(self, size: int | None = -1, /) -> bytes:
        """As a file's.  Raises ResponseTooLong too."""
        left = response_limits.MAX_HEAD_BYTES - self._beside_body
        if size is None or not 0 <= size <= left:
            size = left + 1
        line = super().readline(size)
        self._beside_body += len(line)
        if self._beside_body > response_limits.MAX_HEAD_BYTES:
            raise head_too_long()
        self._allowance.take(len(line))
        return line

    def read(self, size: int | None = -1, /) -> bytes:
        """As a file's.  Raises ResponseTooLong too."""
        data = super().read(size)
        self._body_came(len(data))
        return data

    def read1(self, size: int = -1, /) -> bytes:
        """As a file's.  Raises ResponseTooLong too."""
        data = super().read1(size)
        self._body_came(len(data))
        return data

    def readinto(self, buffer: Any, /) -> int:
        """As a file's.  Raises ResponseTooLong too."""
        size = super().readinto(buffer)
        self._body_came(size)
        return size

    def _body_came(self, size: int) -> None:
        if size:
            self._beside_body = 0
        self._allowance.take(size)


class BoundedStockMessage(http.client.HTTPResponse):
    """A response as urllib3's connections read it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fp: Any
        if isinstance(self.fp, io.BufferedReader):  # else it is in memory already
            self.fp = BoundedStockFile(self.fp.detach())

    def bound(self) -> None:
        """Have it be no longer than one that is read as a whole may be; its head does not
        count."""
        if isinstance(self.fp, BoundedStockFile):
            self.fp.bound()
