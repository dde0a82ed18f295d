"""Lets urllib3 go on with an exchange that the fast path has begun."""

from __future__ import annotations

import contextlib
import io
import socket
from typing import Any

from loadtui.engine.http.stock_fallback import StockFallback


class BegunExchangeSocket:
    """A socket on which the request was already sent and the beginning of the answer read.

    Sending does nothing, or fails as it did, until reading begins; the first file made of it gives
    out what was received, then the error that followed, and then reads on from the socket itself.
    After that everything goes to the socket.
    """

    def __init__(self, live: Any, odd: StockFallback) -> None:
        self.live = live
        self._reading = False
        self._send_error = odd.send_error
        self._received = b"".join(odd.received)
        self._receive_error = odd.receive_error

    def sendall(self, data: Any, *flags: int) -> None:
        if self._reading:
            self.live.sendall(data, *flags)
        elif self._send_error is not None:
            error, self._send_error = self._send_error, None
            raise error

    def makefile(self, mode: str, *args: Any, **kwargs: Any) -> Any:
        if self._reading:
            return self.live.makefile(mode, *args, **kwargs)
        self._reading = True
        replay = _Replay(self.live, self._received, self._receive_error)
        self._received = b""
        return io.BufferedReader(replay)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.live, name)


class _Replay(io.RawIOBase):
    """What `ReplaySocket` has received, and then the socket."""

    def __init__(self, live: Any, received: bytes, error: BaseException | None) -> None:
        self._live = live
        self._file = live.makefile("rb", buffering=0)
        self._received = memoryview(received)
        self._error = error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._received:
            size = min(len(self._received), len(buffer))
            buffer[:size] = self._received[:size]
            self._received = self._received[size:]
            return size
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        size_read: int | None = self._file.readinto(buffer)
        return size_read

    def close(self) -> None:
        """Bytes beyond the end of a response would have stayed in the kernel, where the next
        request finds them and takes another connection; what stands for them is the end of this
        one."""
        if not self.closed:
            if self._received:
                self._received = self._received[:0]
                with contextlib.suppress(OSError):
                    self._live.shutdown(socket.SHUT_RDWR)
            self._file.close()
        super().close()
