"""Locust's statistics as hooks of the locustfile find them in a worker."""

from __future__ import annotations

import time

import pytest
from locust.env import Environment

from loadtui.engine.worker.failures import Failures
from loadtui.engine.worker.recorder import Recorder
from loadtui.engine.worker.request_hook import RequestHook
from loadtui.engine.worker.worker_stats import WorkerStats
from loadtui.samples.delta import Delta


class Worker:
    def __init__(self) -> None:
        self.recorder, self.failures = Recorder(), Failures()
        self.recorder.begin(time.time() - 5)
        self.hook = RequestHook(self.recorder, self.failures)
        environment = Environment()
        environment.create_local_runner()
        environment.stats = self.stats = WorkerStats(environment, self.hook)

    def fire(self, name: str, ms: float | None, exception: Exception | None = None) -> None:
        self.hook.fire(
            request_type="GET",
            name=name,
            response_time=ms,
            response_length=10,
            exception=exception,
        )

    def send(self) -> None:
        self.stats.settle(final=True)
        endpoints, cells, windows = self.recorder.take()
        errors, dropped, _, _ = self.failures.take(self.recorder.epoch0)
        total = self.recorder.total
        self.stats.take(Delta(3, 1, total, endpoints, cells, windows, errors, dropped))


@pytest.fixture
def worker() -> Worker:
    return Worker()


def test_they_are_those_of_the_whole_run(worker: Worker) -> None:
    for ms in (5.0, 7.0):
        worker.fire("/a", ms)
        worker.fire("/b", ms + 100, ValueError("no"))
        worker.send()
    worker.fire("/a", None)
    worker.send()
    total, one = worker.stats.total, worker.stats.get("/a", "GET")
    assert (total.num_requests, total.num_failures, total.total_content_length) == (5, 2, 50)
    assert (one.num_requests, one.num_none_requests) == (3, 1)
    assert (one.min_response_time, one.max_response_time) == (5, 7)
    assert total.get_response_time_percentile(1.0) == 110
    assert [error.occurrences for error in worker.stats.errors.values()] == [2]
    worker.fire("/a", 9.0)
    worker.send()
    assert (one.num_requests, one.max_response_time) == (3, 7), "nobody has looked yet"
    assert worker.stats.num_requests == 6
    assert (one.num_requests, one.max_response_time) == (4, 9)


def test_what_is_logged_there_is_recorded_and_counted_once(worker: Worker) -> None:
    worker.stats.log_request("CUSTOM", "by hand", 12, 3)
    worker.stats.log_error("CUSTOM", "by hand", "no")
    assert worker.recorder.total == 1
    worker.send()
    entry = worker.stats.get("by hand", "CUSTOM")
    assert (entry.num_requests, entry.num_failures) == (1, 1)
    worker.stats.clear_all()
    assert worker.stats.num_requests == 0
