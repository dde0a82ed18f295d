"""Locust's `request` event, recorded first and then passed on to the listeners of the file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gevent import getcurrent
from greenlet import GreenletExit
from locust.event import EventHook

from loadtui.engine.worker.failures import Failures
from loadtui.engine.worker.in_flight import InFlight
from loadtui.engine.worker.open_streams import ReportedStream
from loadtui.engine.worker.recorder import Recorder


class RequestHook(EventHook):
    """Takes the place of `events.request` in a worker.

    Recording comes before the listeners, so that one that raises (Locust lets them stop or
    reschedule a user) cannot lose a request.
    """

    def __init__(
        self, recorder: Recorder, failures: Failures, in_flight: InFlight | None = None
    ) -> None:
        super().__init__()
        self.record = recorder.record
        self._is_late = recorder.is_late
        self._failures = failures
        self._in_flight = in_flight or InFlight()
        self._held = self._in_flight.streams.held

    def fire(self, *, reverse: bool = False, **kwargs: Any) -> None:
        exception = kwargs.get("exception")
        response_time = kwargs.get("response_time")
        start = kwargs.get("start_time")
        if start is None:
            start = time.time() - (response_time or 0) / 1000
        method = kwargs.get("request_type") or ""
        name = kwargs.get("name") or ""
        if method.__class__ is not str or name.__class__ is not str:
            method, name = str(method), str(name)
        size = kwargs.get("response_length") or 0
        if size.__class__ is not int:
            size = int(size)
        if exception:
            self.record(method, name, start, response_time, size, False)
            if not self._is_late(start):
                self._failures.add(method, name, exception)
        elif self._held and getcurrent() in self._held:
            stream = ReportedStream(method, name, start, response_time, size)
            self._held[getcurrent()].append(stream)
        else:
            self.record(method, name, start, response_time, size, True)
        if self._handlers:
            super().fire(reverse=reverse, **kwargs)
        if self._in_flight.closing and self._is_late(start):
            self._in_flight.admit()  # of a client that did not ask before

    @contextmanager
    def measure(
        self, request_type: str, name: str, response_length: int = 0, context: Any = None
    ) -> Iterator[dict[str, Any]]:
        """As Locust's; a request that its user is killed in is unfinished, and not reported."""
        meta: dict[str, Any] = {
            "request_type": request_type,
            "name": name,
            "response_length": response_length,
            "context": context or {},
            "exception": None,
            "start_time": time.time(),
        }
        if self._in_flight.closing:
            self._in_flight.admit()
        began = time.perf_counter()
        with self._in_flight.block():
            try:
                yield meta
            except GreenletExit:
                raise
            except Exception as error:
                meta["exception"] = error
            meta["response_time"] = (time.perf_counter() - began) * 1000
            self.fire(**meta)
