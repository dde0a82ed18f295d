"""What the web API answers while nothing is running: as Locust before a test, or after one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from loadtui.wire.http_exchange import HttpAnswer, HttpQuestion
from loadtui.wire.inspection import Inspection, OwnArgument, WebApiAtRest

_FIGURES, _WORKER_COUNT, _RESET = "/stats/requests", "/worker-count", "/stats/reset"


class RestingAnswers:
    """Any number of threads may ask."""

    def __init__(self, look: Callable[[], Inspection], processes: int) -> None:
        """`look` inspects the locustfiles; a run has so many worker processes, which count as
        ready while there is none."""
        self._look = look
        self._processes = processes
        self._looking = threading.Lock()
        self._found: Inspection | None = None
        self._reset = False

    def inspect(self) -> Inspection:
        """What the locustfiles hold; looked at once.  Raises UsageError for what cannot run."""
        with self._looking:
            if self._found is None:
                self._found = self._look()
            return self._found

    @property
    def shape(self) -> str | None:
        """Name of the LoadTestShape that runs have their load from."""
        return self.inspect().shape

    @property
    def host(self) -> str | None:
        """Base URL of all user classes, as far as Locust's options give one."""
        return self._before.host

    @property
    def arguments(self) -> list[OwnArgument]:
        return self._before.arguments

    def forget_reset(self) -> None:
        """A run has begun after the statistics were reset."""
        self._reset = False

    def answer(self, question: HttpQuestion, last: Mapping[str, HttpAnswer]) -> HttpAnswer:
        """`last` has what was answered at the end of the run before, empty without one."""
        if question.path == _RESET and question.method == "POST":
            self._reset = True
            return HttpAnswer("200 OK", [("Content-Type", "text/html; charset=utf-8")], b"ok")
        known = self._before.answers if self._reset or not last else last
        answer = known.get(question.path)
        if answer is None:
            return text_answer("404 NOT FOUND", f"{question.path}: no such path\n")
        if question.method != "GET":
            return not_allowed(("GET",))
        if question.path == _FIGURES:
            return self._figures(answer, "stopped" if last else "ready", empty=known is not last)
        if question.path == _WORKER_COUNT:
            return json_answer({"worker_count": self._processes})
        return answer

    @property
    def _before(self) -> WebApiAtRest:
        found = self.inspect().web_api
        assert found is not None, "was asked for in the settings"
        return found

    def after_the_end(self, question: HttpQuestion, answer: HttpAnswer) -> HttpAnswer:
        """The answer of a host, whose workers leave once the run has stopped."""
        if question.path != _FIGURES or b'"stopped"' not in answer.body:
            return answer
        stopped = json.loads(answer.body)["state"] == "stopped"
        return self._figures(answer, "stopped", empty=False) if stopped else answer

    def _figures(self, answer: HttpAnswer, state: str, *, empty: bool) -> HttpAnswer:
        workers = [
            {"id": f"{i}", "state": "ready", "user_count": 0, "cpu_usage": 0.0, "memory_usage": 0}
            for i in range(self._processes)
        ]
        document = json.loads(answer.body) | {
            "state": state,
            "user_count": 0,
            "worker_count": len(workers),
            "workers": workers,
        }
        now = document["current_response_time_percentiles"]
        if empty:  # as Locust has them two seconds after its start
            document["current_response_time_percentiles"] = dict.fromkeys(now, 0)
        return json_answer(document)


def json_answer(document: dict[str, Any]) -> HttpAnswer:
    """As Locust writes it."""
    text = json.dumps(document, indent=2, sort_keys=True) + "\n"
    return HttpAnswer("200 OK", [("Content-Type", "application/json")], text.encode())


def text_answer(status: str, text: str) -> HttpAnswer:
    return HttpAnswer(status, [("Content-Type", "text/plain; charset=utf-8")], text.encode())


def not_allowed(methods: Iterable[str]) -> HttpAnswer:
    """For a path that only answers these methods."""
    answer = text_answer("405 METHOD NOT ALLOWED", "the method is not allowed for this path\n")
    answer.headers.append(("Allow", ", ".join(methods)))
    return answer
