"""Workers that send deltas, and the collector that takes them in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.engine.host.collector import Collector
from loadtui.store.journal import JournalWriter
from loadtui.store.run_files import JOURNAL
from tests.support.worker_deltas import Worker


@pytest.fixture
def new_worker() -> type[Worker]:
    return Worker


@pytest.fixture
def collector(tmp_path: Path) -> Collector:
    return Collector(JournalWriter(tmp_path / JOURNAL))


@pytest.fixture
def journal_of(tmp_path: Path) -> Callable[[bytes], list[bytes]]:
    """The bodies of the journal's frames of one kind."""
    from loadtui.store.journal import read_frames

    return lambda kind: [body for its, body in read_frames(tmp_path / JOURNAL) if its == kind]
