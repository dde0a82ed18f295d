"""Counter, Rate and Trend of a scenario: in the document, in thresholds, harmless in Locust."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import Write, load

pytestmark = pytest.mark.thorough

SCENARIO = """
    from itertools import count

    from locust import User, constant, task
    from locust.exception import StopUser

    from loadtui import Counter, Rate, Trend

    violations = Counter("sandbox_violations")
    timeouts = Rate("timeout_rate")
    ttft = Trend("ttft", unit="ms")
    quality = Trend("quality", better="higher")

    class Someone(User):
        wait_time = constant({wait})

        def on_start(self):
            self.turns = count(1)

        @task
        def say(self):
            turn = next(self.turns)
            violations.add(2)
            timeouts.add(turn % 4 == 0)
            ttft.add(turn, endpoint="SAY hello")
            quality.add(0.5)
            self.environment.events.request.fire(
                request_type="SAY", name="hello", response_time=turn, response_length=0,
                exception=None, context=None,
            )
            if turn == 100:
                raise StopUser
"""
PLAN = """
    locustfile = "locustfile.py"
    [[stage]]
    name = "only"
    users = 2
    spawn_rate = 100
    duration = "3s"
"""
HELD = [
    "sandbox_violations <= 400",
    "sandbox_violations.rate > 1",
    "timeout_rate < 40%",
    "ttft.max <= 100",
    "ttft.min >= 1ms",
]
BROKEN = {
    "sandbox_violations == 0": "fail",
    "timeout_rate < 10%": "fail",
    "ttft.p95 < 5ms": "fail",
    "never_added == 0": "missing",
}


def test_values_in_the_document(project: Path, write: Write) -> None:
    file = write(SCENARIO.format(wait=0))
    outcome = load(project, file, "-u", "2", "-r", "100", "-t", "2s", "--processes", "2")
    assert outcome.quiet_code == 0
    assert outcome.document["totals"]["requests"] == 200
    metrics = outcome.document["metrics"]
    counter = metrics["sandbox_violations"]
    assert (counter["kind"], counter["count"]) == ("counter", 400)
    rate = metrics["timeout_rate"]
    assert (rate["kind"], rate["count"], rate["hits"], rate["rate"]) == ("rate", 200, 50, 0.25)
    trend = metrics["ttft"]
    assert (trend["kind"], trend["unit"], trend["better"]) == ("trend", "ms", "lower")
    assert trend["count"] == 200
    figures = {"mean": 50.5, "min": 1, "p50": 50, "p95": 95, "p99": 99, "max": 100}
    assert {name: trend[name] for name in figures} == figures
    assert {part["endpoint"] for part in trend["parts"]} >= {"SAY hello"}
    assert metrics["quality"]["better"] == "higher"
    assert metrics["quality"]["p50"] == 0.5


@pytest.mark.parametrize(
    ("expected", "code"), [(dict.fromkeys(HELD, "pass"), 0), (BROKEN, 1)], ids=["held", "broken"]
)
def test_thresholds(project: Path, write: Write, expected: dict[str, str], code: int) -> None:
    write(SCENARIO.format(wait=0.02))
    checks = "".join(f'    [[threshold]]\n    check = "{check}"\n' for check in expected)
    outcome = load(project, write(PLAN + checks, "plan.toml"))
    found = {
        one["check"]: one["status"] for one in outcome.document["thresholds"] if not one["default"]
    }
    assert found == expected
    assert outcome.quiet_code == code


ODD = """
    from itertools import count

    from locust import User, constant, task
    from locust.exception import StopUser

    from loadtui import Counter, Rate, Trend

    number = count()

    class Someone(User):
        wait_time = constant(0)

        def on_start(self):
            self.turns = count(1)

        @task
        def say(self):
            self.environment.events.request.fire(
                request_type="SAY", name="hello", response_time=1, response_length=0,
                exception=None, context=None,
            )
            for value in (float("nan"), float("inf"), 10 ** 400, -5, 7):
                Trend("tokens", unit="tokens").add(value)
            Counter("big").add(2 ** 61)
            Counter("huge").add(-(2 ** 63))
            Rate("late").add(None)
            Trend("bad [x] \\n%", unit="m\\ns").add(1, endpoint=b"\\xff")
            for _ in range(30):
                Counter(f"name {next(number)}").add()
                Trend("tokens").add(8, endpoint=f"GET /{next(number)}")
            if next(self.turns) == 80:
                raise StopUser
"""


def test_odd_values_cost_neither_the_run_nor_a_request(project: Path, write: Write) -> None:
    """80 rounds, with 2 400 names and as many endpoints."""
    outcome = load(project, write(ODD), "-u", "1", "-t", "4s")
    document = outcome.document
    assert outcome.quiet_code == 0
    assert document["totals"]["requests"] == 80
    assert document["exceptions"] == []
    told = {remark["text"]: remark["count"] for remark in document["remarks"]}
    expected = [
        ("Trend 'tokens'", "no finite numbers", 240),
        ("Trend 'tokens'", "below 0", 80),
        ("Counter 'big'", "further than", 77),
        ("Counter 'huge'", "further than", 80),
        ("custom metrics", "1 000", 2400 + 5 - 1000),
        ("endpoints", "2 000", 2400 + 1 - 2000),
    ]
    for *words, count in expected:
        counts = [n for text, n in told.items() if all(word in text for word in words)]
        assert counts == [count], (words, told)
    assert len(told) == len(expected)
    metrics = document["metrics"]
    assert len(metrics) == 1000
    tokens = metrics["tokens"]
    assert (tokens["count"], tokens["min"], tokens["max"]) == (160 + 2400, 0, 8)
    assert tokens["mean"] == (80 * 7 + 2400 * 8) / 2560
    assert metrics["huge"]["count"] == -(2**63 - 1)
    assert metrics["big"]["count"] == 2**63 - 1
    assert (metrics["late"]["count"], metrics["late"]["hits"]) == (80, 0)


def test_the_same_file_runs_under_locust(project: Path, write: Write) -> None:
    file = write(SCENARIO.format(wait=0))
    locust = subprocess.run(
        [sys.executable, "-m", "locust", "-f", file, "--headless", "-u", "1", "-t", "1s"],
        cwd=project,
        env=os.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert locust.returncode == 0, locust.stderr
    assert "hello" in locust.stdout + locust.stderr
    assert "Traceback" not in locust.stderr
