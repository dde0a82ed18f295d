"""A run whose host was stopped for a while was not the run that was asked for."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.support.command import Running, Write, load
from tests.support.fake_host import serverless
from tests.support.project import host_of

PLAN = """
name = "stopped"
locustfile = "locustfile.py"

[[stage]]
name = "few"
users = 2
spawn_rate = 10
duration = "3s"

[[stage]]
name = "many"
users = 10
spawn_rate = 10
duration = "6s"
"""
USER = """
    class Someone(ServerlessUser):
        @task
        def say(self):
            fire(self, "hello")
"""


def test_a_host_that_was_stopped_while_users_were_to_be_started(
    project: Path, write: Write
) -> None:
    write(serverless(USER))
    (project / "plan.toml").write_text(PLAN)
    with Running(project, "run", "--no-ui", "plan.toml", "--json", "-") as run:
        run.until_running()
        host = host_of(run.folder)
        time.sleep(1.5)
        os.kill(host, signal.SIGSTOP)
        time.sleep(6)  # through most of the second stage
        os.kill(host, signal.SIGCONT)
        outcome = run.wait()
    document = outcome.document
    assert outcome.code == 3
    assert document["verdict"] == "invalid"
    assert any("instead of 10 in" in said for said in document["invalid_reasons"]), document
    assert document["totals"]["failures"] == 0


@pytest.mark.thorough
def test_users_who_leave_by_themselves_are_part_of_the_plan(project: Path, write: Write) -> None:
    leaves = """
        class Someone(ServerlessUser):
            made = 0

            def on_start(self):
                self.number = Someone.made
                Someone.made += 1

            @task
            def say(self):
                fire(self, "hello")
                if self.number < 6:
                    raise StopUser
    """
    outcome = load(
        project,
        write(serverless(leaves)),
        *("-u", "10", "-r", "10", "-t", "4s", "--processes", "1"),
    )
    assert outcome.quiet_code == 0
    assert outcome.run.manifest.totals.users_left == 6
    assert not any("instead of" in said for said in outcome.document["invalid_reasons"])
