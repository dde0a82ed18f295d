"""What becomes of a worker's message, whatever is in it."""

from __future__ import annotations

import logging
import math
from pathlib import Path

import pytest
from locust import User
from locust.env import Environment

from loadtui.engine.host.collector import Collector
from loadtui.engine.host.sample_intake import SampleIntake
from loadtui.engine.locustfile.locust_stats import LocustStats
from loadtui.samples.delta import ErrorCount
from loadtui.store.journal import JournalWriter
from loadtui.store.run_files import JOURNAL
from tests.support.worker_deltas import Worker


class Anna(User):
    pass


def test_samples_are_folded_and_a_worker_s_last_are_told_apart(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    collector = Collector(JournalWriter(tmp_path / JOURNAL))
    environment = Environment(user_classes=[Anna])
    environment.create_local_runner()
    intake, worker = SampleIntake(collector, LocustStats(environment, collector.table)), Worker()
    assert intake.take(worker.send((0, 1, 0, 1000)), worker=0) is False
    with caplog.at_level(logging.ERROR):
        assert intake.take(b"no delta") is False
        assert intake.take(b"\x07") is False
        forged = Worker(1).send((0, 1, 0, 1000))
        assert intake.take(forged, worker=0) is False
        endless = [ErrorCount("GET", "/", "no", 1, math.inf, 0.0)]
        assert intake.take(Worker().send((0, 1, 0, 1000), errors=endless), worker=0) is False
    assert caplog.text.count("what is no delta of its own") == 4
    assert intake.take(worker.send((1, 0, 1, 1000), final=True), worker=0) is True
    assert collector.total.requests == environment.stats.total.num_requests == 2
