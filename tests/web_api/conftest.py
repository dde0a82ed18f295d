"""A run's host that says what a test wants it to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loadtui.samples.figures import Figures
from loadtui.wire import frames
from loadtui.wire.http_exchange import HttpAnswer
from loadtui.wire.messages import Command, Pushed, Reply, Snapshot, StopReason
from loadtui.wire.socket_address import SOCKET_NAME

LAST = {"/stats/requests": HttpAnswer("200 OK", [], b'{"last": 1}')}


class SaidHost:
    """Answers in a folder until it is told to stop, or `dies`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heard: list[Command] = []
        self.refuses = ""
        self.state = "running"
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / SOCKET_NAME))
        self._listening.listen()
        self._over = threading.Event()
        self._speaks = True
        threading.Thread(target=self._accept, daemon=True).start()

    def ends(self) -> None:
        self._over.set()

    def dies(self) -> None:
        self._speaks = False
        self._over.set()

    def close(self) -> None:
        self._over.set()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            while header := stream.read(frames.HEADER.size):
                command = frames.unpack_command(stream.read(frames.body_length(header)))
                self.heard.append(command)
                reply = self._reply(command)
                if reply is None:
                    return
                connection.sendall(frames.pack(Pushed(reply=reply)))

    def _reply(self, command: Command) -> Reply | None:
        match command.do:
            case "last_http":
                self._over.wait()
                return Reply(command.id, last_http=LAST) if self._speaks else None
            case "stop":
                assert command.text == StopReason.BY_WEB_API
                self.ends()
            case "http" if command.http is not None:
                body = f"{command.http.method} {command.http.path}".encode()
                return Reply(command.id, http=HttpAnswer("200 OK", [], body))
            case "snapshot":
                return Reply(command.id, snapshot=_snapshot(self.state))
            case "swarm":
                return Reply(command.id, error=self.refuses)
        return Reply(command.id)


def _snapshot(state: str) -> Snapshot:
    return Snapshot(
        run="r", plan="p", target="", provenance="measured", state=state, folder="",
        elapsed_s=1.0, duration_s=None, stage=-1, stages=[], users=0, users_target=0,
        now=Figures(), totals=Figures(), endpoints=[], errors=[], error_kinds=0, exceptions=0,
        last_exception="", workers=[], in_flight=0, unfinished=0, bad_seconds=0,
        measured_seconds=0, invalid_reasons=[], thresholds=[], steered=False, marks=[], point=None,
    )  # fmt: skip


@pytest.fixture
def host(tmp_path: Path) -> Iterator[SaidHost]:
    said = SaidHost(tmp_path)
    yield said
    said.close()


@pytest.fixture
def aside() -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Does something in a thread of its own; what it returns is asked for by calling the result,
    which raises what the other has raised."""

    def begin(act: Callable[[], object]) -> Callable[[], object]:
        done: list[object] = []
        raised: list[BaseException] = []

        def run() -> None:
            try:
                done.append(act())
            except BaseException as error:
                raised.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()

        def result() -> object:
            thread.join(30)
            assert not thread.is_alive(), "still waiting"
            if raised:
                raise raised[0]
            return done[0]

        return result

    return begin
