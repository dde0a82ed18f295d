"""The asyncio side of the control socket, used by everything that watches a run."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import msgspec

from loadtui.wire.frames import HEADER, body_length, pack, unpack_pushed
from loadtui.wire.messages import Command, Pushed, Reply, Snapshot
from loadtui.wire.socket_address import HostNotRunning, connect

Verb = Literal["subscribe", "snapshot", "history", "users", "stop", "mark"]


class Client:
    """A connection to the host of one run.

    Snapshots are kept in a single slot: a viewer slower than the host sees the newest one and
    skips those between.  When the host ends, `snapshots()` gives out what is left and stops.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Reply]] = {}
        self._newest: Snapshot | None = None
        self._news = asyncio.Event()
        self._ended = False
        self._reading = asyncio.create_task(self._read(), name="control socket")

    @classmethod
    async def connect(cls, folder: Path, timeout: float = 5.0) -> Client:
        """Connect to the host of the run in `folder`.

        Raises NobodyThere when no host listens there.
        """
        # Connecting to a Unix socket does not wait for the peer, except when its queue is full.
        door = await asyncio.to_thread(connect, folder, timeout)
        door.setblocking(False)
        return cls(*await asyncio.open_unix_connection(sock=door))

    @property
    def ended(self) -> bool:
        """True once the host has closed the connection, or `close` was called."""
        return self._ended

    async def command(
        self, do: Verb, *, users: int | None = None, text: str = "", now: bool = False
    ) -> Reply:
        """Ask the host to do something and wait for its reply.

        Raises NobodyThere when the host goes away, or is away, instead of answering.
        """
        if self._ended:
            raise HostNotRunning("the run's host has gone")
        number = next(self._numbers)
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._writer.write(pack(Command(number, do, users=users, text=text, now=now)))
            await self._writer.drain()
            return await answer
        except ConnectionError as error:
            raise HostNotRunning("the run's host has gone") from error
        finally:
            self._waiting.pop(number, None)

    async def snapshots(self) -> AsyncIterator[Snapshot]:
        """Subscribe, and give each snapshot as it comes, newest wins; ends with the connection."""
        await self.command("subscribe")
        while True:
            await self._news.wait()
            self._news.clear()
            newest, self._newest = self._newest, None
            if newest is not None:
                yield newest
            elif self._ended:
                return
            if self._ended:
                self._news.set()

    async def close(self) -> None:
        """Leave; the run goes on."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        self._writer.close()

    async def _read(self) -> None:
        try:
            while True:
                header = await self._reader.readexactly(HEADER.size)
                body = await self._reader.readexactly(body_length(header))
                self._take(unpack_pushed(body))
        except (asyncio.IncompleteReadError, ConnectionError, ValueError, msgspec.DecodeError):
            # The host ended, or what speaks there is not one of ours: over either way.
            pass
        finally:
            self._end()

    def _take(self, pushed: Pushed) -> None:
        if pushed.snapshot is not None:
            self._newest = pushed.snapshot
            self._news.set()
        if pushed.reply is not None:
            answer = self._waiting.get(pushed.reply.id)
            if answer is not None and not answer.done():
                answer.set_result(pushed.reply)

    def _end(self) -> None:
        self._ended = True
        self._news.set()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(HostNotRunning("the run's host went away before it answered"))
