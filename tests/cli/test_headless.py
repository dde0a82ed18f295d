"""Signals that came before a follower could answer them count as if it had been there."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path

import msgspec
import pytest

from loadtui.cli import headless
from loadtui.cli.headless import follow_headless
from loadtui.launch.running_runs import wait_until_over
from loadtui.launch.start_host import HostHandle, StartOrder, start_host
from loadtui.plan.locustfile_plan import plan_for_locustfiles
from loadtui.plan.model import Flags
from loadtui.store.manifest_file import read_manifest
from loadtui.wire.messages import Snapshot
from loadtui.wire.run_settings import RunSettings
from tests.support.delay_server import DelayServer
from tests.support.project import snapshot

SLOW = """
from locust import FastHttpUser, task

class Slow(FastHttpUser):
    @task
    def get(self):
        self.client.get("/delay/{seconds}")
"""


@pytest.fixture
def server() -> Iterator[DelayServer]:
    with DelayServer() as running:
        yield running


def begun(tmp_path: Path, server: DelayServer, seconds: float) -> HostHandle:
    """A run whose one request is in flight and takes so long."""
    file = tmp_path / "slow.py"
    file.write_text(SLOW.format(seconds=seconds))
    plan = msgspec.structs.replace(
        plan_for_locustfiles([file]), host=server.url, stop_timeout_s=30.0
    )
    handle = start_host(
        StartOrder(plan, tmp_path, RunSettings(Flags(users=1, run_time_s=60.0), processes=1))
    )
    handle.wait_until_started()
    snapshot(handle.folder, lambda s: s.in_flight == 1)
    return handle


@pytest.mark.parametrize(("came", "seconds", "unfinished"), [(1, 2, 0), (2, 60, 1)])
def test_those_held_back_are_answered(
    tmp_path: Path, server: DelayServer, came: int, seconds: float, unfinished: int
) -> None:
    handle = begun(tmp_path, server, seconds)
    at = time.monotonic()
    assert follow_headless(handle.folder, quiet=True, held_back=lambda: came)
    assert handle.wait(20) == 0
    assert wait_until_over(handle.folder, 5)
    assert time.monotonic() - at < 25
    manifest = read_manifest(handle.folder)
    assert (manifest.state, manifest.totals.unfinished) == ("interrupted", unfinished)


class EndedBySignal:
    """Prints nothing; SIGTERM comes when the run is over."""

    def show(self, snapshot: Snapshot) -> None:
        pass

    def say(self, line: str) -> None:
        pass

    def done(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)


def test_one_that_comes_as_the_run_ends_is_noted(tmp_path: Path) -> None:
    noted: list[int] = []

    def handler(number: int, frame: object) -> None:
        raise AssertionError

    before = signal.signal(signal.SIGTERM, handler)
    try:
        follow_headless(
            tmp_path,  # where there is no run: it is over
            quiet=False,
            printer=EndedBySignal(),
            held_back=lambda: 1,
            noted=lambda: noted.append(len(noted)),
        )
        assert signal.getsignal(signal.SIGTERM) is handler
    finally:
        signal.signal(signal.SIGTERM, before)
    assert noted == [0, 1]


def test_one_that_comes_when_the_loop_is_closed_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[int] = []
    run = headless.asyncio.run

    def late(work: Coroutine[object, object, bool]) -> bool:
        followed = run(work)
        os.kill(os.getpid(), signal.SIGTERM)
        return followed

    monkeypatch.setattr(headless.asyncio, "run", late)
    follow_headless(tmp_path, quiet=True, noted=lambda: noted.append(1))
    assert noted == [1]
