"""Locust's `request` event, recorded first and then told to the listeners of the locustfile."""

from __future__ import annotations

import time
from typing import Any

from locust.event import EventHook

from loadtui.engine.worker.failures import Failures
from loadtui.engine.worker.recorder import Recorder


class RequestHook(EventHook):
    """Takes the place of `events.request` in a worker.

    Recording comes before the listeners, so that one that raises (Locust lets them stop or
    reschedule a user) cannot lose a request.
    """

    def __init__(self, recorder: Recorder, failures: Failures) -> None:
        super().__init__()
        self.record = recorder.record
        self._failures = failures

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
        self.record(method, name, start, response_time, size, not exception)
        if exception:
            self._failures.add(method, name, exception)
        if self._handlers:
            super().fire(reverse=reverse, **kwargs)
