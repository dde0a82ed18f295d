"""Requests of the locustfile in the host, counted as those of a worker are."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from loadtui.engine.host.collector import Collector
from loadtui.engine.host.host_requests import HostRequests
from loadtui.engine.host.live_run import LiveRun
from loadtui.engine.recorded_stats import RecordedStats
from loadtui.samples.delta import HOST
from loadtui.store.final_files import write_final_files
from loadtui.store.journal import JournalWriter, StageBegan
from tests.support.run_writer import RunWriter


class Host:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.writer = RunWriter(folder)
        self.manifest = self.writer.manifest()
        self.live = LiveRun("run", str(folder), self.manifest.plan, "", [])
        self.collector = Collector(JournalWriter(self.writer.journal))
        self.requests = HostRequests()

    def attach(self) -> None:
        stats = self.stats = RecordedStats(self.requests.note)
        self.requests.attach(self.live, self.collector, self.collector.fold, stats)

    def begin(self, seconds_ago: float) -> None:
        self.live.t0 = time.monotonic() - seconds_ago
        self.collector.begin_stage(StageBegan("one", 0, 1, 1.0, 0.0, 30.0))

    def fire(self, name: str, **more: Any) -> None:
        self.requests.fire(
            request_type="GET", name=name, response_time=5.0, response_length=7, **more
        )


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path / "run")


def test_what_came_before_the_run_waits_and_belongs_to_second_0(host: Host) -> None:
    host.fire("at import")
    host.attach()
    host.fire("init")
    host.requests.ship()
    host.begin(3.5)
    host.fire("later", exception=ValueError("no"))
    collector = host.collector
    assert collector.table.entries == [("GET", name) for name in ("at import", "init", "later")]
    assert (collector.total.requests, collector.total.failures, collector.total.bytes) == (3, 1, 21)
    assert collector.workers[HOST].recorded == collector.workers[HOST].announced == 3
    assert [kind for kind, _ in collector.errors.by_count()] == [
        ("GET", "later", "ValueError('no')")
    ]
    saved = write_final_files(host.folder, host.manifest, end_second=10)
    assert (saved.totals.requests, saved.totals.failures) == (3, 1)
    assert saved.workers == []


def test_what_comes_after_the_end_is_kept_apart(host: Host) -> None:
    host.attach()
    host.begin(3.5)
    host.fire("during")
    host.live.ended_at = time.monotonic() - 0.5
    host.fire("test_stop")
    host.stats.log_request("CUSTOM", "by hand", 12, 3)
    host.stats.log_error("CUSTOM", "by hand", "no")
    host.requests.ship(final=True)
    saved = write_final_files(host.folder, host.manifest, end_second=4)
    assert saved.totals.requests == 1
    assert [(late.name, late.requests, late.failures) for late in saved.late] == [
        ("test_stop", 1, 0),
        ("by hand", 1, 1),
    ]


def test_odd_events_are_told_in_a_remark_and_listeners_hear_of_all(host: Host) -> None:
    heard: list[str] = []
    host.requests.add_listener(lambda name, **_: heard.append(name))
    host.attach()
    host.begin(1.0)
    for number in range(3):
        host.requests.fire(request_type="X", name=f"odd {number}", response_time="soon")
    assert heard == ["odd 0", "odd 1", "odd 2"]
    ((remark, count),) = host.collector.remarks.by_text.items()
    assert count == 3
    assert "X odd 0: response_time was 'soon'" in remark
