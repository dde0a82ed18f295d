"""Follows a run without a screen, and passes Ctrl-C and signals on to it."""

from __future__ import annotations

import asyncio
import signal
import sys

from loadtui.cli.progress import Progress
from loadtui.launch.start import Handle
from loadtui.wire.client import Client
from loadtui.wire.door import NobodyThere

INTERRUPTED = "interrupted"


def follow(handle: Handle, *, quiet: bool) -> None:
    """Show progress until the run's host has ended.

    The first SIGINT or SIGTERM stops the run in order, the second at once.
    """
    asyncio.run(_Follower(handle, quiet=quiet).follow())
    handle.wait()


class _Follower:
    def __init__(self, handle: Handle, *, quiet: bool) -> None:
        self._handle = handle
        encoding = (sys.stderr.encoding or "").lower()
        self._progress = None if quiet else Progress(sys.stderr, unicode="utf" in encoding)
        self._client: Client | None = None
        self._signals = 0
        self._asking: set[asyncio.Task[None]] = set()

    async def follow(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._signalled)
        try:
            self._client = await Client.connect(self._handle.folder)
            async for snapshot in self._client.snapshots():
                if self._progress is not None:
                    self._progress.show(snapshot)
        except NobodyThere:
            pass  # the run was over before we came, or its host died: its folder tells
        finally:
            if self._progress is not None:
                self._progress.done()
            if self._client is not None:
                await self._client.close()

    def _signalled(self) -> None:
        self._signals += 1
        if self._progress is not None:
            self._progress.say(
                "stopping: requests in flight may finish, again to stop at once"
                if self._signals == 1
                else "stopping at once"
            )
        task = asyncio.get_running_loop().create_task(self._stop(now=self._signals > 1))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _stop(self, *, now: bool) -> None:
        if self._client is None:
            return
        try:
            await self._client.command("stop", text=INTERRUPTED, now=now)
        except NobodyThere:
            return
