"""Percentiles against records of how long each request really took."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from tests.support.command import Write, load
from tests.support.servers import TimedServer

pytestmark = pytest.mark.thorough
USER = """
    import json, time
    from locust import FastHttpUser, constant, events, task

    TOOK_MS = []

    class Someone(FastHttpUser):
        wait_time = constant(0.05)

        @task
        def ask(self):
            began = time.perf_counter()
            self.client.get("/")
            TOOK_MS.append((time.perf_counter() - began) * 1000)

    @events.quit.add_listener
    def save(**kwargs):
        if TOOK_MS:
            with open("took.json", "w") as file:
                json.dump(TOOK_MS, file)
"""


@pytest.mark.alone
def test_percentiles_lie_between_the_servers_record_and_the_users(
    project: Path, write: Write
) -> None:
    """Whatever else the machine does comes on top of the server's record, and is in the user's."""
    file = write(USER)
    with TimedServer(seed=5, median_s=0.06) as server:
        outcome = load(project, file, "-u", "20", "-r", "100", "-t", "5s", "-H", server.url)
        served = sorted(1000 * seconds for seconds in server.durations())
    waited = sorted(json.loads((project / "took.json").read_text()))
    totals = outcome.document["totals"]
    assert totals["requests"] == len(served) > 500
    for share, name in ((0.50, "p50_ms"), (0.95, "p95_ms"), (0.99, "p99_ms")):
        least, most = nearest_rank(served, share), nearest_rank(waited, share)
        assert 0.99 * least <= totals[name] <= 1.01 * most, name


def nearest_rank(times: list[float], share: float) -> float:
    return times[math.ceil(share * len(times)) - 1]
