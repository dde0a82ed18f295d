"""Counter, Rate and Trend of a scenario: in the document, in thresholds, harmless in Locust."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import Write, load

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
HELD = ["sandbox_violations <= 400", "timeout_rate < 40%"]
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
    assert trend["mean"] == pytest.approx(50.5, rel=0.004)
    for name, value in (("p50", 50), ("p95", 95), ("p99", 99), ("max", 100)):
        assert trend[name] == pytest.approx(value, rel=0.01), name
    assert {part["endpoint"] for part in trend["parts"]} >= {"SAY hello"}
    assert metrics["quality"]["better"] == "higher"
    assert metrics["quality"]["p50"] == pytest.approx(0.5, rel=0.004)


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
