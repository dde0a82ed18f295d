"""Streams that were reported when their head came, and whose body is still being read.

Locust reports a request with `stream=True` and without `catch_response` when its head is there.  It
is recorded here when its body was read or its response is gone, so that one whose body outlives the
run is unfinished, as any request that does.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, NamedTuple

from greenlet import getcurrent


class ReportedStream(NamedTuple):
    """What the request event said of it."""

    method: str
    name: str
    start: float
    """Epoch seconds."""
    response_time: float | None
    """Milliseconds, up to the head."""
    size: int


class _OpenStream:
    """Lives as long as its response, whose attribute it is."""

    def __init__(self, streams: OpenStreams, response: Any, reported: ReportedStream) -> None:
        self.greenlet = getcurrent()
        self.response = weakref.ref(response)
        self.reported: ReportedStream | None = reported
        self._over = streams.over

    def finish(self) -> None:
        # Only appends: a garbage collection may call this at any time.
        reported, self.reported = self.reported, None
        if reported is not None:
            self._over.append(reported)

    __del__ = finish


class OpenStreams:
    """Holds reports of streams back; those that are `over` are to be recorded."""

    def __init__(self) -> None:
        self.held: dict[Any, list[ReportedStream]] = {}
        """Greenlet -> what was reported of the request that it is sending."""
        self.over: list[ReportedStream] = []
        self._open: weakref.WeakSet[_OpenStream] = weakref.WeakSet()

    def hold(self, request: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Send a request whose report is to wait for the end of its response."""
        reports = self.held[getcurrent()] = []
        try:
            response = request(*args, **kwargs)
        except BaseException:
            self.over.extend(reports)  # a listener of its event raised: nobody has the response
            raise
        finally:
            del self.held[getcurrent()]
        for reported in reports:
            stream = _OpenStream(self, response, reported)
            response.__dict__["_open_stream"] = stream
            self._open.add(stream)
        return response

    def take(self) -> list[ReportedStream]:
        """The streams that are over since the last call."""
        for stream in list(self._open):
            if _was_read(stream.response()):
                stream.finish()
                self._open.discard(stream)
        over, self.over[:] = self.over[:], ()
        return over

    def abandon(self, greenlet: Any = None) -> int:
        """The streams of a greenlet (None: of all) will not be read any further; how many."""
        abandoned = 0
        for stream in list(self._open):
            if greenlet in (None, stream.greenlet):
                self._open.discard(stream)
                if stream.reported is not None and not _was_read(stream.response()):
                    stream.reported = None
                    abandoned += 1
                stream.finish()
        return abandoned


def _was_read(response: Any) -> bool:
    """Whether the body of a response, of requests or of FastHttpUser, was read or given up."""
    if response is None or getattr(response, "_content_consumed", False):
        return True
    inner = getattr(response, "_response", None)
    if inner is not None:
        return bool(getattr(inner, "message_complete", False)) or inner._sock is None
    raw = getattr(response, "raw", None)
    return raw is None or bool(getattr(raw, "closed", False))
