"""The highest rate that leaves a worker valid, for half an hour, with a screen on it."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.soak.long_run import LongRun, project_with, validity
from tests.soak.process_memory import LEAST_SAMPLES, growth
from tests.support.command import load
from tests.support.project import Project
from tests.support.servers import Nginx
from tests.support.terminal_screen import TerminalScreen
from tests.support.tools import need_tool
from tests.support.viewer import PYTHON, Viewer

USERS = 20
LOCUSTFILE = """
import os
from locust import FastHttpUser, constant_throughput, task

class Steady(FastHttpUser):
    wait_time = constant_throughput(float(os.environ["RATE"]) / {users})

    @task
    def get(self):
        self.client.get("/")
"""
RATES = (16_000, 12_000, 9_000, 7_000, 5_000, 3_500, 2_500, 1_800, 1_200, 800, 400)
"""Requests a second that are tried, until a run is valid."""
TRIED_S = 5
SHARE = 0.9
"""Of the rate that was found: half an hour has worse moments than five seconds."""
EVERY_S = 30.0
SETTLED_S = 300.0
"""From when on nothing may grow."""
MOST_GROWTH_MB = 5.0


class _Unseen(TerminalScreen):
    """Takes what is written and draws nothing: that would cost as much as the worker has."""

    def feed(self, written: bytes) -> None:
        pass


def found_rate(project: Project, target: Nginx) -> int:
    """The highest rate of RATES at which a worker is valid for some seconds, less some."""
    for rate in RATES:
        outcome = load(
            project.folder, "locustfile.py", "-H", target.url, "-u", str(USERS), "-r", "100",
            "-t", f"{TRIED_S}s", env={"RATE": str(rate)},
        )  # fmt: skip
        document = outcome.document
        reached = document["totals"]["requests"] / TRIED_S
        print(f"{rate}/s asked, {reached:.0f}/s reached: {validity(document)}", flush=True)
        if document["valid"] and reached > SHARE * rate:
            return int(SHARE * rate)
    return RATES[-1]


def grown(run: LongRun, settled_s: float) -> bool:
    """Print what each process grew by; whether one did by too much."""
    too_much = False
    for name, history in run.history.items():
        settled = [held.rss for at, held in history if at >= settled_s]
        if len(settled) < LEAST_SAMPLES:
            print(f"{name}: too short for its growth to be told")
            continue
        by = growth(settled)
        too_much = too_much or by > MOST_GROWTH_MB
        print(
            f"{name}: {settled[0]:.1f} MB at {settled_s:.0f} s, {settled[-1]:.1f} MB at the end, "
            f"grew by {by:+.1f} MB (median of the last quarter less that of the first)"
        )
    return too_much


def main(asked: argparse.Namespace) -> int:
    """1 when a count does not agree, or memory grows."""
    length_s = round(asked.minutes * 60)
    every_s = min(EVERY_S, length_s / 20)
    settled_s = min(SETTLED_S, length_s / 3)
    with (
        tempfile.TemporaryDirectory(prefix="soak") as at,
        Nginx(need_tool("nginx"), Path(at) / "target") as target,
        project_with(Path(at), LOCUSTFILE.format(users=USERS)) as project,
    ):
        rate = asked.rate or found_rate(project, target)
        print(f"{rate}/s by {USERS} users and one worker for {length_s} s, with a screen on it")
        text = LOCUSTFILE.format(users=USERS)
        with project_with(Path(at) / "long", text, RATE=str(rate)) as own:
            run = LongRun(
                own, target, "-u", str(USERS), "-r", "100", "-t", f"{length_s}s",
                "--processes", "1",
            )  # fmt: skip
            command = [PYTHON, "-m", "loadtui", "attach", run.folder.name]
            with Viewer(command, own.folder, size=(120, 40)) as viewer:
                viewer.wait_for("RUNNING")
                viewer.screen = _Unseen(120, 40)
                run.pids["viewer"] = viewer.process.pid
                run.watch(every_s, viewer.look)
                document = run.end()
                viewer.look(1.0)
            even = run.counts(document)
            too_much = grown(run, settled_s)
    return 0 if even and not too_much else 1
