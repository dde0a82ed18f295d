"""Where a live screen's data comes from."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from textual.message import Message

from loadtui.errors import UsageError
from loadtui.store.manifest_file import read_manifest
from loadtui.tui.watched.log_tail import LogTail
from loadtui.tui.watched.moment import Moment
from loadtui.tui.watched.points import ChartPoints
from loadtui.tui.watched.reference import Reference, read_reference
from loadtui.wire.client import Client, Verb
from loadtui.wire.messages import Point, Reply, Snapshot
from loadtui.wire.socket_address import HostNotRunning


class SnapshotArrived(Message):
    """The state of the run in one second, with all that is drawn around it.  Immutable."""

    def __init__(
        self,
        snapshot: Snapshot,
        points: tuple[Point, ...],
        *,
        reference: Reference | None = None,
        log: tuple[str, ...] = (),
        cursor: float | None = None,
    ) -> None:
        super().__init__()
        self.moment = Moment(snapshot, points, reference, log, cursor)

    @property
    def snapshot(self) -> Snapshot:
        return self.moment.snapshot

    @property
    def points(self) -> tuple[Point, ...]:
        return self.moment.points


class FeedEnded(Message):
    """No snapshot will follow: the host ended, or was never there (`reason` says it)."""

    def __init__(self, reason: str = "") -> None:
        super().__init__()
        self.reason = reason


Post = Callable[[Message], object]


class Feed(Protocol):
    """Posts a `SnapshotArrived` a second and a `FeedEnded` at the end; takes commands."""

    async def run(self, post: Post) -> None: ...

    async def command(
        self, do: Verb, *, users: int | None = None, text: str = "", now: bool = False
    ) -> Reply: ...


class SocketFeed:
    """The feed of a run whose host is reached through the folder's control socket."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._client: Client | None = None
        self._history = ChartPoints()
        self._asked_for = -1
        self._log = LogTail(folder)
        self._reference: Reference | None = None
        self._reading: asyncio.Task[None] | None = None

    async def run(self, post: Post) -> None:
        """Read until the host ends or the task is cancelled."""
        try:
            client = self._client = await Client.connect(self._folder)
        except HostNotRunning as error:
            post(FeedEnded(str(error)))
            return
        try:
            await self._fetch(client)
            async for snapshot in client.snapshots():
                await self._extend(client, snapshot.point)
                await self._refer(snapshot)
                post(
                    SnapshotArrived(
                        snapshot,
                        self._history.points,
                        reference=self._reference,
                        log=await asyncio.to_thread(self._log.read),
                    )
                )
            post(FeedEnded())
        except HostNotRunning:
            post(FeedEnded())
        finally:
            if self._reading is not None:
                self._reading.cancel()
            await client.close()

    async def command(
        self, do: Verb, *, users: int | None = None, text: str = "", now: bool = False
    ) -> Reply:
        """Raises HostNotRunning when the host is gone."""
        if self._client is None:
            raise HostNotRunning("not connected to the run yet")
        return await self._client.command(do, users=users, text=text, now=now)

    async def _fetch(self, client: Client) -> None:
        self._history.replace((await client.command("history")).history)

    async def _extend(self, client: Client, point: Point | None) -> None:
        if point is None:
            return
        # A gap is asked for once: seconds in which the host itself has nothing stay empty.
        if self._history.misses_before(point) and self._asked_for != self._history.end:
            self._asked_for = self._history.end
            # The last snapshot of a host that has gone still counts, gap or not.
            with contextlib.suppress(HostNotRunning):
                await self._fetch(client)
        self._history.extend(point)

    async def _refer(self, snapshot: Snapshot) -> None:
        """Read the baseline beside the run, once; again for the verdict's words at its end."""
        if not snapshot.baseline:
            return
        if snapshot.exit_code is not None:
            if self._reading is not None:
                await asyncio.wait({self._reading})
            await self._read_reference(snapshot.baseline)
        elif self._reading is None:
            self._reading = asyncio.create_task(self._read_reference(snapshot.baseline))

    async def _read_reference(self, path: str) -> None:
        # A manifest that is not there any more leaves what is known of the baseline.
        with contextlib.suppress(UsageError):
            manifest = await asyncio.to_thread(read_manifest, self._folder)
            self._reference = await asyncio.to_thread(read_reference, Path(path), manifest)
