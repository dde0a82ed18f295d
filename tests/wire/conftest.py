"""A host's side of the control socket: answers commands and pushes what a test gives it."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.samples.figures import Figures
from loadtui.wire import frames
from loadtui.wire.messages import Command, Pushed, Reply, Snapshot


def _snapshot(elapsed: float) -> Snapshot:
    return Snapshot(
        run="r", plan="p", target="", provenance="measured", state="running", folder="",
        elapsed_s=elapsed, duration_s=None, stage=-1, stages=[], users=0, users_target=0,
        now=Figures(), totals=Figures(), endpoints=[], errors=[], error_kinds=0, exceptions=0,
        last_exception="", workers=[], in_flight=0, unfinished=0, bad_seconds=0,
        measured_seconds=0, invalid_reasons=[], thresholds=[], steered=False, marks=[], point=None,
    )  # fmt: skip


class FakeHost:
    """Listens in a folder, through its descriptor as the real host does."""

    def __init__(self, folder: Path, answer: Callable[[Command], Reply | None]) -> None:
        self.folder = folder
        self.answer = answer
        self.heard: list[Command] = []
        self.writers: list[asyncio.StreamWriter] = []
        self.subscribed = asyncio.Event()
        self.left = asyncio.Event()

    async def __aenter__(self) -> FakeHost:
        listening = socket.socket(socket.AF_UNIX)
        descriptor = os.open(self.folder, os.O_DIRECTORY)
        try:
            listening.bind(f"/proc/self/fd/{descriptor}/control.sock")
        finally:
            os.close(descriptor)
        self.server = await asyncio.start_unix_server(self._serve, sock=listening)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hang_up()

    async def hang_up(self) -> None:
        self.server.close()
        for writer in self.writers:
            writer.close()

    async def push(self, *snapshots: Snapshot) -> None:
        for writer in self.writers:
            for one in snapshots:
                writer.write(frames.pack(Pushed(snapshot=one)))
            await writer.drain()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        try:
            while True:
                header = await reader.readexactly(frames.HEADER.size)
                command = frames.unpack_command(
                    await reader.readexactly(frames.body_length(header))
                )
                self.heard.append(command)
                reply = self.answer(command)
                if reply is not None:
                    writer.write(frames.pack(Pushed(reply=reply)))
                if command.do == "subscribe":
                    self.subscribed.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            self.left.set()


def _done(command: Command) -> Reply:
    return Reply(id=command.id)


@pytest.fixture(params=["short", "long"])
def folder(request, tmp_path):
    """A run folder; the long one's path is over what the kernel takes as a socket address."""
    if request.param == "short":
        return tmp_path
    deep = tmp_path / ("a" * 80) / ("b" * 80)
    deep.mkdir(parents=True)
    return deep


@pytest.fixture
def fake_host() -> type[FakeHost]:
    return FakeHost


@pytest.fixture
def done() -> Callable[[Command], Reply]:
    """Answers every command with: done."""
    return _done


@pytest.fixture
def snapshot_at() -> Callable[[float], Snapshot]:
    """A snapshot of nothing at so many seconds of the run."""
    return _snapshot
