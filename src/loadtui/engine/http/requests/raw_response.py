"""urllib3's response object behind a requests.Response, built when somebody looks into it."""

from __future__ import annotations

import http.client
import io
from collections.abc import Callable
from typing import Any

import urllib3.connection
from urllib3.response import HTTPResponse

from loadtui.engine.http.requests.pooled_connection import ReceivedResponse


class LazyRawResponse(HTTPResponse):
    """Looks like urllib3's response after its body was read; `make` builds that one."""

    def __init__(self, arrival: ReceivedResponse, make: Callable[[], HTTPResponse]) -> None:
        # HTTPResponse.__init__ is not called: its attributes come when the first one is missed
        self.__dict__["_make"] = make
        self.__dict__["_original_response"] = LazyOriginalResponse(arrival, self)

    def __getattr__(self, name: str) -> Any:
        make = self.__dict__.pop("_make", None)
        if make is None or name.startswith("__"):
            if make is not None:
                self.__dict__["_make"] = make
            raise AttributeError(f"'HTTPResponse' object has no attribute {name!r}")
        original = self.__dict__["_original_response"]
        made = make()
        original._stock = made._original_response
        self.__dict__.update(made.__dict__)
        self.__dict__["_original_response"] = original
        return getattr(self, name)

    @property
    def closed(self) -> bool:
        return True

    def close(self) -> None:
        """The connection was given back when the response had arrived."""

    def release_conn(self) -> None:
        """As close."""


class LazyOriginalResponse:
    """http.client's response object; false when it sets no cookie, so that requests does not look
    for any."""

    def __init__(self, arrival: ReceivedResponse, raw: LazyRawResponse) -> None:
        self._arrival = arrival
        self._raw = raw
        self._stock: Any = None
        self._msg: http.client.HTTPMessage | None = None

    def __bool__(self) -> bool:
        return b"set-cookie" in self._arrival.fields

    @property
    def msg(self) -> http.client.HTTPMessage:
        if self._msg is None:
            self._msg = http.client.HTTPMessage()
            for name, value in self._arrival.message.lines:
                self._msg[name.decode("latin-1")] = value.decode("latin-1")
        return self._msg

    def __getattr__(self, name: str) -> Any:
        self._raw.status  # noqa: B018  (builds both)
        return getattr(self._stock, name)


class _Recording:
    """A socket that says once more what was received."""

    def __init__(self, received: list[bytes]) -> None:
        self._received = received

    def sendall(self, data: Any) -> None:
        pass

    def settimeout(self, timeout: float | None) -> None:
        pass

    def shutdown(self, how: int) -> None:
        pass

    def close(self) -> None:
        pass

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(b"".join(self._received))


def stock_raw(received: list[bytes], method: str, target: str) -> HTTPResponse:
    """What http.client and urllib3 make of these bytes, its body unread."""
    connection = urllib3.connection.HTTPConnection("recorded")
    connection.sock = _Recording(received)
    connection.request(method, target, preload_content=False, decode_content=False)
    return connection.getresponse()
