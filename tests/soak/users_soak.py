"""Ten thousand users with think time."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.soak.long_run import LongRun, project_with
from tests.support.servers import Nginx
from tests.support.tools import need_tool

THINK_S = 10
LOCUSTFILE = """
from locust import FastHttpUser, between, task

class Thinks(FastHttpUser):
    wait_time = between({least}, {most})

    @task
    def get(self):
        self.client.get("/")
"""
SPAWNED_IN_S = 20


def main(asked: argparse.Namespace) -> int:
    """1 when a count does not agree."""
    length_s = round(asked.minutes * 60)
    text = LOCUSTFILE.format(least=THINK_S / 2, most=THINK_S * 1.5)
    with (
        tempfile.TemporaryDirectory(prefix="soak") as at,
        Nginx(need_tool("nginx"), Path(at) / "target") as target,
        project_with(Path(at), text) as project,
    ):
        spawn_rate = max(asked.users // SPAWNED_IN_S, 1)
        print(f"{asked.users} users who think for {THINK_S} s, {spawn_rate}/s, {length_s} s")
        run = LongRun(
            project, target, "-u", str(asked.users), "-r", str(spawn_rate), "-t", f"{length_s}s",
            *(("--processes", str(asked.workers)) if asked.workers else ()),
        )  # fmt: skip
        run.watch(min(30.0, length_s / 6))
        document = run.end()
        print(f"at most {document['users_max']} users; judge at most {run.judge_mb:.0f} MB")
        return 0 if run.counts(document) else 1
