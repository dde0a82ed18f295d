"""Locust's statistics, of which what user code logs there by itself is counted as requests.

Many locustfiles call `environment.stats.log_request(...)` for what they measured by hand, and then
`log_error(...)` when it failed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from locust.stats import EntriesDict, RequestStats, StatsEntry

from loadtui.engine.exception_text import failure_text
from loadtui.engine.untrusted import as_text, attempted

ERROR_WITHIN_S = 1.0
"""How long a request that was logged waits for its error to be logged: it counts as one."""

_Waiting = tuple[dict[str, Any], float]
"""The arguments of a request event, and when it was logged in epoch seconds."""


class RecordedStats(RequestStats):
    """`note` takes the arguments of a request event and its time in epoch seconds.

    `settle` is to be called about once a second.  What is logged comes into the statistics
    themselves with all other requests.
    """

    def __init__(self, note: Callable[[dict[str, Any], float], object], **options: Any) -> None:
        super().__init__(**options)
        self.entries = _Entries(self)
        self._note = note
        self._waiting: dict[tuple[str | None, str | None], _Waiting] = {}

    def log_request(self, method: str, name: str, response_time: Any, content_length: Any) -> None:
        key = as_text(method), as_text(name)
        before = self._waiting.pop(key, None)
        if before is not None:
            self._note(*before)
        given = {
            "request_type": method,
            "name": name,
            "response_time": response_time,
            "response_length": content_length,
        }
        self._waiting[key] = given, time.time()

    def log_error(self, method: str, name: str, error: Any) -> None:
        """The request logged just before has failed; without one, a request without a time has."""
        alone = {"request_type": method, "name": name}, time.time()
        given, at = self._waiting.pop((as_text(method), as_text(name)), alone)
        failure = error if attempted(bool, error) else failure_text(error) or "no message"
        self._note(given | {"exception": failure}, at)

    def clear_all(self) -> None:
        super().clear_all()
        self.entries = _Entries(self)

    def settle(self, *, final: bool = False) -> None:
        """Count the requests for which no error is to be expected any more, or all."""
        now = time.time()
        for key, (given, at) in list(self._waiting.items()):
            if final or not 0 <= now - at < ERROR_WITHIN_S:
                del self._waiting[key]
                self._note(given, at)


class _RecordedEntry(StatsEntry):
    """The statistics of an endpoint, as `stats.get(name, method)` gives them."""

    stats: RecordedStats

    def log(self, response_time: Any, content_length: Any) -> None:
        self.stats.log_request(self.method, self.name, response_time, content_length)

    def log_error(self, error: Any) -> None:
        self.stats.log_error(self.method, self.name, error)


class _Entries(EntriesDict):
    def __missing__(self, key: tuple[str, str]) -> StatsEntry:
        entry = self[key] = _RecordedEntry(self.request_stats, *key)
        return entry
