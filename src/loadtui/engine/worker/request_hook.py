"""Locust's `request` event, recorded first and then passed on to the listeners of the file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gevent import getcurrent
from greenlet import GreenletExit
from locust.event import EventHook

from loadtui.engine.request_event import (
    AHEAD_S,
    MAX_BYTES,
    MAX_MS,
    NEAR_S,
    malformed_remark,
    read_event,
)
from loadtui.engine.untrusted import attempted
from loadtui.engine.worker.failures import Failures
from loadtui.engine.worker.in_flight import InFlight
from loadtui.engine.worker.open_streams import ReportedStream
from loadtui.engine.worker.recorder import Recorder
from loadtui.samples.remark_counts import RemarkCounts


class RequestHook(EventHook):
    """Takes the place of `events.request` in a worker.

    Recording comes before the listeners, so that one that raises (Locust lets them stop or
    reschedule a user) cannot lose a request.
    """

    counts = True

    def __init__(
        self,
        recorder: Recorder,
        failures: Failures,
        in_flight: InFlight | None = None,
        remarks: RemarkCounts | None = None,
    ) -> None:
        super().__init__()
        self.record = recorder.record
        self._recorder = recorder
        self._failures = failures
        self._in_flight = in_flight or InFlight()
        self._held = self._in_flight.streams.held
        self._remarks = RemarkCounts() if remarks is None else remarks
        self._malformed = ""
        """The remark on malformed events, with the first of them as an example."""

    def fire(self, /, *, reverse: bool = False, **kwargs: Any) -> None:
        get = kwargs.get
        method, name = get("request_type"), get("name")
        start, response_time = get("start_time"), get("response_time")
        size = get("response_length")
        now = time.time()
        entered = self._ends_entered(kwargs)
        if not entered:
            self._in_flight.begin()
        kind = type(response_time)
        if (
            (kind is float or kind is int)
            and 0 <= response_time <= MAX_MS  # type: ignore[operator]  # a number, see above
            and type(method) is str
            and type(name) is str
            and type(size) is int
            and 0 <= size <= MAX_BYTES
            and get("exception") is None
            and not self._held
        ):
            if start is None:
                start = now - response_time / 1000  # type: ignore[operator]
            if type(start) is float and now - NEAR_S <= start <= now + AHEAD_S:
                self.record(method, name, start, response_time, size, True)
            else:
                start = self._note(kwargs, now)
        else:
            start = self._note(kwargs, now)
        if self._handlers:
            try:
                super().fire(reverse=bool(attempted(bool, reverse)), **kwargs)
            except BaseException as error:
                if entered:
                    self._in_flight.raised = error
                raise
        if self._in_flight.closing and self._recorder.is_late(start):
            self._in_flight.admit()  # of a client that did not ask before

    def _ends_entered(self, given: dict[str, Any]) -> bool:
        """Whether the event ends a request that was entered in the books when it began: user code
        fires events, too."""
        flight = self._in_flight
        if flight.ends:
            flight.ends = False
            flight.calls.discard(getcurrent())
            return True
        if flight.calls and "url" in given and getcurrent() in flight.calls:
            flight.calls.discard(getcurrent())
            return True
        return False

    def note(self, given: dict[str, Any], now: float) -> float:
        """Record what user code says of a request, of any content, which ended at `now` in epoch
        seconds; its start."""
        self._in_flight.begin()
        return self._note(given, now)

    def _note(self, given: dict[str, Any], now: float) -> float:
        event = read_event(given, now, self._recorder.epoch0)
        method, name, start, response_time, size, failure, flaw = event
        if failure is not None:
            self.record(method, name, start, response_time, size, False)
            if not self._recorder.is_late(start):
                self._failures.add(method, name, failure)
        elif self._held and getcurrent() in self._held:
            stream = ReportedStream(method, name, start, response_time, size)
            self._held[getcurrent()].append(stream)
        else:
            self.record(method, name, start, response_time, size, True)
        if flaw:
            self._malformed = self._malformed or malformed_remark(event)
            self._remarks.add(self._malformed)
        return start

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
            self._in_flight.ends = True
            self.fire(**meta)
