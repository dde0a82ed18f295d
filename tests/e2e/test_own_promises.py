"""A bare locustfile with promises of its own, and an exit code for errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Write, command, load
from tests.support.fake_host import serverless

pytestmark = pytest.mark.thorough

ONE_IN_THIRTY_FAILS = """
    import itertools

    NUMBERS = itertools.count(1)

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello", error=None if next(NUMBERS) % 30 else ValueError("no"))
"""


def test_checks_are_judged_shown_and_saved(project: Path, write: Write) -> None:
    file = write(serverless(ONE_IN_THIRTY_FAILS))
    run = [file, "-u", "4", "-r", "100", "-t", "3s", "--check"]
    kept = load(project, *run, "error_rate < 20%")
    assert kept.quiet_code == 0
    [row] = kept.document["thresholds"]
    assert (row["check"], row["status"]) == ("error_rate < 20%", "pass")
    assert kept.run.manifest.plan.thresholds[0].check == "error_rate < 20%"

    broken = load(project, *run, "p95 < 1s", "--check", "max < 1ms @ SAY hel*")
    assert broken.quiet_code == 1
    rows = [(r["check"], r["endpoint"], r["status"]) for r in broken.document["thresholds"]]
    assert rows[:2] == [("p95 < 1s", None, "pass"), ("max < 1ms", "SAY hello", "fail")]
    assert ("error_rate < 1%", None, "fail") in rows, "a promise on latency is none about failures"

    refused = command(project, "run", file, "--check", "p95 < soon")
    assert (refused.code, refused.stderr.count("\n")) == (2, 1)
    assert "--check" in refused.stderr


def test_an_exit_code_for_errors(project: Path, write: Write) -> None:
    file = write(serverless(ONE_IN_THIRTY_FAILS))
    run = [file, "-u", "4", "-r", "100", "-t", "2s", "--check", "error_rate < 20%"]
    asked = load(project, *run, "--exit-code-on-error", "42")
    if asked.code != 3:  # a busy machine makes runs invalid, which is graver
        assert asked.code == asked.document["exit_code"] == 42
        assert asked.document["verdict"] == "fail"
        shown = command(project, "runs", "show").stdout
        assert "FAIL (exit code 42)" in " ".join(shown.replace("✗", "").split())
    by_locust = load(project, *run, env={"LOCUST_EXIT_CODE_ON_ERROR": "43"})
    assert by_locust.code in (43, 3)
    assert by_locust.document["ignored_options"] == []
    nothing = load(project, *run, "--exit-code-on-error", "0")
    assert nothing.quiet_code == 0
