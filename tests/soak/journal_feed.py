"""Plays the workers of a long run to a host's collector and timeline, faster than time passes.

    python -m tests.soak.journal_feed FOLDER --hours 24

Each second of the run brings a delta of each worker a quarter of a second, and a tick.  After every
hour a line of JSON says what this process holds and how long the journal is.  It ends as a host
does that is killed: nothing is closed, and the manifest says that the run is running.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections import Counter
from pathlib import Path

from loadtui.engine.host.collector import Collector
from loadtui.engine.host.run_journal import RunJournal
from loadtui.engine.host.timeline import Timeline
from loadtui.samples.bins import bin_of
from loadtui.samples.delta import (
    CELL_WIDTH,
    WINDOW_WIDTH,
    Delta,
    ErrorCount,
    TrendAdd,
    WorkerHealth,
    encode_delta,
)
from loadtui.samples.trend_bins import trend_bin_of
from loadtui.store.journal import StageBegan
from loadtui.store.manifest import WorkerRecord
from tests.soak.process_memory import held_by
from tests.support.run_writer import RunWriter

HOUR_S = 3600
DELTAS_A_SECOND = 4
LOOKED_AT_S = 60
"""Seconds between two looks of a viewer."""
USERS = 100
DRAWN = 64
"""Quarters of a second that are drawn, and then played in random order: drawing costs more than
what is measured."""
FAILING = 0.02
"""Of the quarters of a second of an endpoint."""


class FedWorker:
    """What one worker says."""

    def __init__(self, index: int, endpoints: int) -> None:
        self.index = index
        self._endpoints = endpoints
        self._random = random.Random(index)
        self._drawn = [self._draw() for _ in range(DRAWN)]
        self._seq = self._total = 0

    def delta(self, second: int, *, last_of_second: bool) -> bytes:
        """The next one: a few requests of each endpoint, all of this second."""
        self._seq += 1
        cells, windows = map(list, self._random.choice(self._drawn))
        cells[2::CELL_WIDTH] = [second] * (len(cells) // CELL_WIDTH)
        windows[2::WINDOW_WIDTH] = [second] * self._endpoints
        self._total += sum(windows[3::WINDOW_WIDTH])
        value = self._random.uniform(10, 20)
        return encode_delta(
            Delta(
                self.index,
                self._seq,
                self._total,
                endpoints=self._announced(),
                cells=cells,
                windows=windows,
                errors=self._errors(second) if 0 in windows[1::WINDOW_WIDTH] else [],
                trends=[TrendAdd("depth", "", second, trend_bin_of(value), 1, value, value, value)],
                health=[WorkerHealth(second, 0.4, 0.01, 0.6, USERS, 6)] if last_of_second else [],
            )
        )

    def _draw(self) -> tuple[list[int], list[int]]:
        """Cells and windows of a quarter of a second, of second 0."""
        cells: list[int] = []
        windows: list[int] = []
        for endpoint in range(self._endpoints):
            ok = int(self._random.random() > FAILING)
            centre_us = self._random.lognormvariate(10 + endpoint % 7 / 5, 0.3)
            times = [int(centre_us * self._random.uniform(0.8, 1.5)) for _ in range(12)]
            times = times[: self._random.randint(1, 12)]
            for bin_, count in Counter(map(bin_of, times)).items():
                cells += (endpoint, ok, 0, bin_, count)
            windows += (endpoint, ok, 0, len(times), sum(times), min(times), max(times), 0)
        return cells, windows

    def _announced(self) -> list[tuple[int, str, str]]:
        if self._seq > 1:
            return []
        return [(number, "GET", f"/v1/things/{number:03d}") for number in range(self._endpoints)]

    def _errors(self, second: int) -> list[ErrorCount]:
        # As messages with a number of the request are: most of them are seen once.
        message = f"500 Server Error for request {self._random.randrange(1 << 40)}"
        return [ErrorCount("GET", "/v1/things/000", message, 1, float(second), float(second))]


def feed(folder: Path, hours: float, endpoints: int, workers: int) -> None:
    """The whole run; prints a line an hour, and one before the first."""
    records = [WorkerRecord(index, os.getpid(), "here") for index in range(workers)]
    RunWriter(folder).manifest(workers=records)
    journal = RunJournal(folder)
    collector = Collector(journal)
    timeline = Timeline(collector)
    collector.begin_stage(StageBegan("L1", 0, USERS, 10.0, 10.0, None))
    fed = [FedWorker(index, endpoints) for index in range(workers)]
    seconds = round(hours * HOUR_S)
    for second in range(seconds):
        if second % max(min(HOUR_S, seconds // 4), 1) == 0:
            _tell(second, collector, journal)
        for quarter in range(DELTAS_A_SECOND):
            last = quarter == DELTAS_A_SECOND - 1
            for worker in fed:
                collector.fold(worker.delta(second, last_of_second=last), worker.index)
        timeline.tick(second, 0, USERS, list(range(workers)))
        if second % LOOKED_AT_S == 0:
            timeline.recent()
    collector.sync()
    _tell(seconds, collector, journal)
    os._exit(9)


def _tell(second: int, collector: Collector, journal: RunJournal) -> None:
    said = {
        "second": second,
        "rss_mb": held_by(os.getpid()).rss,
        "requests": collector.total.requests,
        "journal_mb": journal.size / (1 << 20),
    }
    print(json.dumps(said), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--endpoints", type=int, default=5)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    feed(asked.folder, asked.hours, asked.endpoints, asked.workers)


if __name__ == "__main__":
    main()
