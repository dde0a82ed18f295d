"""Plays the host of a run of many endpoints to viewers that attach to its folder.

python tests/benchmarks/feed_host.py FOLDER [--endpoints 50] [--pace 1.0]: every PACE seconds a
snapshot whose numbers move as those of a real run do, until it is ended; 0 sends them as quickly
as the viewer takes them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
from pathlib import Path

from loadtui.samples.figures import Figures
from loadtui.store import run_lock
from loadtui.store.run_files import SOCKET
from loadtui.tui.watched.points import ChartPoints
from loadtui.wire.frames import HEADER, body_length, pack, unpack_command
from loadtui.wire.messages import (
    EndpointRow,
    Point,
    Pushed,
    Reply,
    Snapshot,
    StageRow,
    WorkerRow,
)

SO_FAR = 300
"""Seconds of the run before the first viewer came."""
MOST_POINTS = 1_024
"""As many as a host keeps: those of a longer run are merged."""
RUN = "20261123-101502-gateway-3f2a"


class Recording:
    """What a run of `endpoints` endpoints at some thousand requests a second says each second."""

    def __init__(self, folder: Path, endpoints: int) -> None:
        self.folder = folder
        self.random = random.Random(1)
        self.counts = [self.random.randrange(2_000, 40_000) for _ in range(endpoints)]
        self.history = ChartPoints(MOST_POINTS)
        for second in range(SO_FAR):
            self.history.extend(self._point(second))

    def next(self) -> Snapshot:
        second = self.history.end
        point = self._point(second)
        self.history.extend(point)
        for number in range(len(self.counts)):
            self.counts[number] += self.random.randrange(60)
        return Snapshot(
            run=RUN,
            plan="gateway",
            target="http://127.0.0.1:8000",
            provenance="measured",
            state="running",
            folder=str(self.folder),
            elapsed_s=float(second),
            duration_s=None,
            stage=0,
            stages=[StageRow("L1", 100, None, 0.0)],
            users=100,
            users_target=100,
            now=self._figures(round(point.rps * 10), point.rps),
            totals=self._figures(sum(self.counts), point.rps),
            endpoints=[
                EndpointRow("GET", f"/v1/things/{number:02d}", self._figures(count, 30.0), 30.0)
                for number, count in enumerate(self.counts)
            ],
            errors=[],
            error_kinds=0,
            exceptions=0,
            last_exception="",
            workers=[WorkerRow(0, 4711, "running", 0.4, 0.01, 0.6, 100, 6)],
            in_flight=6,
            unfinished=0,
            bad_seconds=0,
            measured_seconds=second,
            invalid_reasons=[],
            thresholds=[],
            steered=False,
            marks=[],
            point=point,
        )

    def _point(self, second: int) -> Point:
        about = self.random.gauss(1, 0.05)
        return Point(
            second=second,
            span=1,
            users=100,
            stage=0,
            rps=1_500 * about,
            failures=0.0,
            bytes=2e6 * about,
            p50_ms=40 * about,
            p95_ms=160 * self.random.gauss(1, 0.1),
            p99_ms=390 * self.random.gauss(1, 0.2),
        )

    def _figures(self, requests: int, rps: float) -> Figures:
        about = self.random.gauss(1, 0.03)
        return Figures(
            requests=requests,
            rps=rps * about,
            bytes=requests * 1_400,
            mean_ms=50 * about,
            p50_ms=40 * about,
            p95_ms=160 * about,
            p99_ms=390 * about,
            max_ms=900.0,
        )


async def serve(recording: Recording, pace: float) -> None:
    """Answer viewers until cancelled; each gets every snapshot."""

    async def viewer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                body = await reader.readexactly(body_length(await reader.readexactly(HEADER.size)))
                command = unpack_command(body)
                reply = Reply(command.id)
                if command.do == "history":
                    reply.history = list(recording.history.points)
                else:
                    reply.snapshot = recording.next()
                writer.write(pack(Pushed(reply=reply)))
                if command.do == "subscribe":
                    asyncio.get_running_loop().create_task(push(writer))

    async def push(writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(pack(Pushed(snapshot=recording.next())))
                await writer.drain()
                await asyncio.sleep(pace)

    server = await asyncio.start_unix_server(viewer, recording.folder / SOCKET)
    async with server:
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--endpoints", type=int, default=50)
    parser.add_argument("--pace", type=float, default=1.0)
    given = parser.parse_args()
    run_lock.hold_run(given.folder)
    asyncio.run(serve(Recording(given.folder, given.endpoints), given.pace))


if __name__ == "__main__":
    main()
