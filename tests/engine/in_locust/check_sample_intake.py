"""What becomes of a worker's message, whatever is in it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from locust import User
from locust.env import Environment

from loadtui.engine.host.collector import Collector
from loadtui.engine.host.sample_intake import SampleIntake
from loadtui.engine.locustfile.locust_stats import LocustStats
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
    assert intake.take(worker.send((0, 1, 0, 1000))) is False
    with caplog.at_level(logging.ERROR):
        assert intake.take(b"no delta") is False
    assert "what is no delta" in caplog.text
    assert intake.take(worker.send((1, 0, 1, 1000), final=True)) is True
    assert collector.total.requests == environment.stats.total.num_requests == 2
