"""Deltas as workers send them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadtui.engine.host.collector import Collector
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import Delta, encode_delta
from loadtui.store.journal import JournalWriter
from loadtui.store.run_files import JOURNAL


class Worker:
    """Numbers and totals its deltas as a worker does."""

    def __init__(self, index: int = 0) -> None:
        self.index = index
        self.seq = 0
        self.total = 0
        self._new = [(0, "GET", "/"), (1, "POST", "/chat")]

    def delta(self, *requests: tuple[int, int, int, int], **fields: Any) -> Delta:
        """A delta of (endpoint, ok, second, microseconds) requests."""
        self.seq += 1
        self.total += len(requests)
        made = Delta(self.index, self.seq, self.total, endpoints=self._new)
        self._new = []
        for endpoint, ok, second, us in requests:
            made.cells += (endpoint, ok, second, bin_of(us), 1)
            made.windows += (endpoint, ok, second, 1, us, us, us, 10)
        for name, value in fields.items():
            setattr(made, name, value)
        return made

    def send(self, *requests: tuple[int, int, int, int], **fields: Any) -> bytes:
        return encode_delta(self.delta(*requests, **fields))


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
