"""Follows a run without a screen, and answers Ctrl-C and signals."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from loadtui.cli.interrupts import InterruptAction, signals_handled
from loadtui.cli.progress import ProgressPrinter
from loadtui.cli.run_printer import RunPrinter
from loadtui.cli.run_words import RunWords
from loadtui.store import run_lock
from loadtui.wire.client import Client
from loadtui.wire.messages import Snapshot, StopReason
from loadtui.wire.socket_address import HostNotRunning

CONNECT_EVERY_S = 0.1
LISTEN_EVERY_S = 0.25


def follow_headless(
    folder: Path,
    *,
    quiet: bool,
    words: RunWords | None = None,
    on_interrupt: InterruptAction = InterruptAction.STOP,
    printer: RunPrinter | None = None,
    held_back: Callable[[], int] = int,
    noted: Callable[[], object] = bool,
    seen: Callable[[Snapshot], object] = bool,
) -> bool:
    """Show progress until the run's host has ended; False when the follower left before.

    What shows it is `printer`, else its progress is printed unless `quiet`.  `words` prints what
    the locustfile says meanwhile; the rest of it, once the host has ended, is the caller's.
    `held_back` is asked once signals are answered: how many came before that.  `noted` is called
    for each, as the last of them may come when there is nothing left to stop; `seen` is given every
    snapshot.
    """
    if printer is None and not quiet:
        encoding = (sys.stderr.encoding or "").lower()
        printer = ProgressPrinter(sys.stderr, unicode="utf" in encoding)
    follower = _Follower(folder, words, printer, on_interrupt, noted, seen)
    with follower.signals_answered():
        return asyncio.run(follower.follow(held_back))


class _Follower:
    def __init__(
        self,
        folder: Path,
        words: RunWords | None,
        printer: RunPrinter | None,
        on_interrupt: InterruptAction,
        noted: Callable[[], object],
        seen: Callable[[Snapshot], object],
    ) -> None:
        self._folder = folder
        self._words = words
        self._on_interrupt = on_interrupt
        self._noted = noted
        self._seen = seen
        self._progress = printer
        self._client: Client | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._came = 0
        """Signals that came, of which `_signals` were answered."""
        self._signals = 0
        self._left = False
        self._asking: set[asyncio.Task[None]] = set()

    @contextlib.contextmanager
    def signals_answered(self) -> Iterator[None]:
        """Not by asyncio's handlers, which lose a signal that comes when their loop has nothing
        left to run, and leave the system's behind: the next one would kill the command."""
        try:
            with signals_handled(self._note):
                yield
        finally:
            for _ in range(self._came - self._signals):
                self._noted()

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._came += 1
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it is closed
                self._loop.call_soon_threadsafe(self._answer)

    def _answer(self) -> None:
        while self._signals < self._came:
            self._signalled()

    async def follow(self, held_back: Callable[[], int]) -> bool:
        self._loop = asyncio.get_running_loop()
        self._came += held_back()
        self._answer()
        listening = self._loop.create_task(self._listen())
        try:
            self._client = await self._connected()
            if self._client is not None:
                await self._show(self._client)
        except HostNotRunning:
            pass  # the host died: its folder tells
        finally:
            listening.cancel()
            if self._progress is not None:
                self._progress.done()
            if self._client is not None:
                await self._client.close()
        return not (self._left and run_lock.is_held(self._folder))

    async def _connected(self) -> Client | None:
        """Connect to the host, which may not listen yet, or no more; None when there is none."""
        while not self._left:
            try:
                return await Client.connect(self._folder)
            except HostNotRunning:
                if not run_lock.is_held(self._folder):
                    return None
            await asyncio.sleep(CONNECT_EVERY_S)
        return None

    async def _show(self, client: Client) -> None:
        if self._signals:
            self._act()  # there was nobody to tell before
        async for snapshot in client.snapshots():
            self._seen(snapshot)
            if self._progress is not None:
                self._progress.show(snapshot)

    async def _listen(self) -> None:
        while self._words is not None:
            self._words.look(self._progress)
            await asyncio.sleep(LISTEN_EVERY_S)

    def _signalled(self) -> None:
        self._signals += 1
        self._noted()
        if self._on_interrupt is InterruptAction.STOP and self._progress is not None:
            self._progress.say(
                "stopping: requests in flight may finish, again to stop at once"
                if self._signals == 1
                else "stopping at once"
            )
        self._act()

    def _act(self) -> None:
        leaves = self._on_interrupt is InterruptAction.DETACH
        self._left = leaves
        if self._client is None:
            return
        act = self._client.close() if leaves else self._stop(self._client, now=self._signals > 1)
        task = asyncio.get_running_loop().create_task(act)
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    @staticmethod
    async def _stop(client: Client, *, now: bool) -> None:
        try:
            await client.command("stop", text=StopReason.INTERRUPTED, now=now)
        except HostNotRunning:
            return
