"""Percentiles against the server's own record of how long each request took."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from command import Outcome, load
from servers import TimedServer

USER = """
    from locust import FastHttpUser, constant, task

    class Someone(FastHttpUser):
        wait_time = constant(0.05)

        @task
        def ask(self):
            self.client.get("/")
"""
ATTEMPTS = 3
"""A run in which the machine had no time for the worker says so, and proves nothing here."""


@pytest.mark.alone
def test_percentiles_are_those_that_the_server_logged(project: Path, write) -> None:
    file = write(USER)
    for _ in range(ATTEMPTS):
        with TimedServer(seed=5) as server:
            outcome = load(project, file, "-u", "20", "-r", "100", "-t", "5s", "-H", server.url)
            truth = sorted(1000 * seconds for seconds in server.durations())
        if outcome.document["valid"]:
            break
    assert_near_the_truth(outcome, truth)


def assert_near_the_truth(outcome: Outcome, truth_ms: list[float]) -> None:
    totals = outcome.document["totals"]
    assert totals["requests"] == len(truth_ms) > 500
    for share, name in ((0.50, "p50_ms"), (0.95, "p95_ms"), (0.99, "p99_ms")):
        true = truth_ms[math.ceil(share * len(truth_ms)) - 1]
        assert totals[name] == pytest.approx(true, rel=0.01, abs=0) or (
            abs(totals[name] - true) <= 0.01 * true + 0.3
        ), f"{name}: {totals[name]:.3f} ms, by the server {true:.3f} ms"
