"""Percentiles against the server's own record of how long each request took."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.support.command import Outcome, Write, load
from tests.support.machine_lock import skip_if_busy
from tests.support.servers import TimedServer

pytestmark = pytest.mark.thorough
USER = """
    from locust import FastHttpUser, constant, task

    class Someone(FastHttpUser):
        wait_time = constant(0.05)

        @task
        def ask(self):
            self.client.get("/")
"""
ATTEMPTS = 3
"""Whatever else the machine does can only add to latencies, so the best of a few runs counts."""


@pytest.mark.alone
def test_percentiles_are_those_that_the_server_logged(project: Path, write: Write) -> None:
    # Locust's own client takes half a millisecond of its own for a request, whence the median.
    file = write(USER)
    errors = []
    for _ in range(ATTEMPTS):
        with TimedServer(seed=5, median_s=0.06) as server:
            outcome = load(project, file, "-u", "20", "-r", "100", "-t", "5s", "-H", server.url)
            truth = sorted(1000 * seconds for seconds in server.durations())
        assert outcome.document["totals"]["requests"] == len(truth) > 500
        errors.append(far_from_the_truth(outcome, truth))
        if not errors[-1]:
            return
    skip_if_busy()
    raise AssertionError(f"in none of {ATTEMPTS} runs: {errors}")


def far_from_the_truth(outcome: Outcome, truth_ms: list[float]) -> list[str]:
    """The percentiles that are off by more than 1 % and 0.3 ms."""
    off = []
    for share, name in ((0.50, "p50_ms"), (0.95, "p95_ms"), (0.99, "p99_ms")):
        true = truth_ms[math.ceil(share * len(truth_ms)) - 1]
        found = outcome.document["totals"][name]
        if abs(found - true) > 0.01 * true + 0.3:
            off.append(f"{name} is {found:.3f} ms, by the server {true:.3f} ms")
    return off
