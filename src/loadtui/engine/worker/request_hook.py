"""Locust's `request` event, recorded first and then passed on to the listeners of the file."""

from __future__ import annotations

import time
from typing import Any

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
from loadtui.engine.worker.recorder import Recorder
from loadtui.samples.remark_counts import RemarkCounts


class RequestHook(EventHook):
    """Takes the place of `events.request` in a worker.

    Recording comes before the listeners, so that one that raises (Locust lets them stop or
    reschedule a user) cannot lose a request.
    """

    def __init__(
        self, recorder: Recorder, failures: Failures, remarks: RemarkCounts | None = None
    ) -> None:
        super().__init__()
        self.record = recorder.record
        self._recorder = recorder
        self._failures = failures
        self._remarks = RemarkCounts() if remarks is None else remarks
        self._malformed = ""
        """The remark on malformed events, with the first of them as an example."""

    def fire(self, /, *, reverse: bool = False, **kwargs: Any) -> None:
        get = kwargs.get
        method, name = get("request_type"), get("name")
        start, response_time = get("start_time"), get("response_time")
        size = get("response_length")
        now = time.time()
        kind = type(response_time)
        if (
            get("exception") is None
            and type(start) is float
            and now - NEAR_S <= start <= now + AHEAD_S
            and (kind is float or kind is int)
            and 0 <= response_time <= MAX_MS  # type: ignore[operator]  # a number, see above
            and type(method) is str
            and type(name) is str
            and type(size) is int
            and 0 <= size <= MAX_BYTES
        ):
            self.record(method, name, start, response_time, size, True)
        else:
            self.note(kwargs, now)
        if self._handlers:
            super().fire(reverse=bool(attempted(bool, reverse)), **kwargs)

    def note(self, given: dict[str, Any], now: float) -> None:
        """Record an event of any content, which ended at `now` in epoch seconds."""
        event = read_event(given, now, self._recorder.epoch0)
        method, name, failure = event.method, event.name, event.failure
        self.record(method, name, event.start, event.response_time, event.size, failure is None)
        if failure is not None:
            self._failures.add(method, name, failure)
        if event.flaw:
            self._malformed = self._malformed or malformed_remark(event)
            self._remarks.add(self._malformed)
