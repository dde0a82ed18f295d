"""Two thousand endpoints: what the run takes, and what looking at it takes."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.soak.long_run import LongRun, project_with
from tests.soak.saved_run_costs import look_at
from tests.support.servers import Nginx
from tests.support.tools import need_tool

LOCUSTFILE = """
import itertools
from locust import FastHttpUser, constant, task

NEXT = itertools.cycle(range({endpoints}))

class Everywhere(FastHttpUser):
    wait_time = constant(0.005)

    @task
    def get(self):
        number = next(NEXT)
        self.client.get(f"/things/{{number:05d}}")
"""


def main(asked: argparse.Namespace) -> int:
    """1 when a count does not agree, or an endpoint is missing."""
    length_s = round(asked.minutes * 60)
    with (
        tempfile.TemporaryDirectory(prefix="soak") as at,
        Nginx(need_tool("nginx"), Path(at) / "target") as target,
        project_with(Path(at), LOCUSTFILE.format(endpoints=asked.endpoints)) as project,
    ):
        print(f"{asked.endpoints} endpoints, {length_s} s, one worker")
        run = LongRun(
            project, target, "-u", "20", "-r", "100", "-t", f"{length_s}s", "--processes", "1"
        )
        run.watch(min(30.0, length_s / 6))
        document = run.end()
        print(f"judge at most {run.judge_mb:.0f} MB")
        even = run.counts(document)
        seen = {(row["method"], row["name"]) for row in document["endpoints"]}
        print(f"{len(seen)} endpoints were seen")
        look_at(project.folder, run.folder)
    return 0 if even and len(seen) == asked.endpoints else 1
