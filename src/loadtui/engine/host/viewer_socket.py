"""The control socket: viewers subscribe to snapshots, ask for history, and steer."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
import msgspec
from gevent import socket
from gevent.event import Event

from loadtui.wire.frames import HEADER, body_length, pack, unpack_command
from loadtui.wire.http_exchange import HttpAnswer
from loadtui.wire.messages import Command, Pushed, Reply, Snapshot
from loadtui.wire.socket_address import SOCKET_NAME, socket_path

DRAIN_S = 2.0
"""How long viewers have at the end to take their last snapshot."""

_logger = logging.getLogger(__name__)


class _Viewer:
    """One connection: a reader, and a writer with a single slot for the newest snapshot."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.subscribed = False
        self.last_http: int | None = None
        """Number of the command to be answered when the run is over."""
        self._slot: bytes | None = None
        self._replies: list[bytes] = []
        self._wake = Event()
        self._idle = Event()
        self._idle.set()

    def offer(self, frame: bytes) -> None:
        """The newest snapshot; one that was not sent yet is dropped for it."""
        self._slot = frame
        self._stir()

    def answer(self, reply: Reply) -> None:
        self._replies.append(pack(Pushed(reply=reply)))
        self._stir()

    def write(self) -> None:
        """Send what there is, for as long as the connection stands."""
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._replies or self._slot is not None:
                if self._replies:
                    frame: bytes | None = self._replies.pop(0)
                else:
                    frame, self._slot = self._slot, None
                try:
                    self.connection.sendall(frame)
                except OSError:
                    self._idle.set()
                    return
            self._idle.set()

    def drained(self, timeout: float) -> None:
        self._idle.wait(timeout)

    def _stir(self) -> None:
        self._idle.clear()
        self._wake.set()


class ViewerSocket:
    """Listens in the run folder; `handle` answers every command but `subscribe` and `last_http`,
    `snapshot` gives the first one to a viewer that subscribes, `last_http` is asked at the end."""

    def __init__(
        self,
        folder: Path,
        handle: Callable[[Command], Reply],
        snapshot: Callable[[], Snapshot],
        last_http: Callable[[], dict[str, HttpAnswer]] = dict,
    ) -> None:
        self._handle = handle
        self._last_http = last_http
        self._snapshot = snapshot
        self._viewers: set[_Viewer] = set()
        self._closing = False
        self._path = folder / SOCKET_NAME
        self._path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with socket_path(folder) as path:
            self._listener.bind(path)
        os.chmod(self._path, 0o600)  # noqa: PTH101
        self._listener.listen(16)
        gevent.spawn(self._accept)

    @property
    def watched(self) -> bool:
        """Whether anybody subscribed."""
        return any(viewer.subscribed for viewer in self._viewers)

    def publish(self, snapshot: Snapshot) -> None:
        """Push a snapshot to all that subscribed; never waits for one."""
        watching = [viewer for viewer in self._viewers if viewer.subscribed]
        if watching:
            frame = pack(Pushed(snapshot=snapshot))
            for viewer in watching:
                viewer.offer(frame)

    def close(self) -> None:
        """Say last words to those who asked for them, let viewers take what was sent, hang up.

        What is asked from now on is asked of a run that is over: it is not answered, since the last
        words would not tell of it.
        """
        self._closing = True
        waiting = [viewer for viewer in self._viewers if viewer.last_http is not None]
        last = self._last_http() if waiting else {}
        for viewer in waiting:
            viewer.answer(Reply(viewer.last_http or 0, last_http=last))
        with gevent.Timeout(DRAIN_S, False):
            for viewer in list(self._viewers):
                viewer.drained(DRAIN_S)
        self._listener.close()
        with contextlib.suppress(OSError):  # where it stays, nobody answers at it
            self._path.unlink(missing_ok=True)
        for viewer in list(self._viewers):
            viewer.connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError as error:
                if error.errno in (errno.EBADF, errno.EINVAL):
                    return
                _logger.warning("a viewer could not be accepted: %s", error)
                gevent.sleep(0.1)
                continue
            gevent.spawn(self._serve, connection)

    def _serve(self, connection: Any) -> None:
        viewer = _Viewer(connection)
        self._viewers.add(viewer)
        writer = gevent.spawn(viewer.write)
        try:
            while True:
                header = _read(connection, HEADER.size)
                command = unpack_command(_read(connection, body_length(header)))
                if self._closing:
                    continue
                if command.do == "subscribe":
                    viewer.subscribed = True
                    viewer.answer(Reply(command.id))
                    viewer.offer(pack(Pushed(snapshot=self._snapshot())))
                    continue
                if command.do == "last_http":
                    viewer.last_http = command.id
                    continue
                viewer.answer(self._handle(command))
        except (OSError, EOFError):
            pass  # the viewer went away, which is its right
        except (ValueError, msgspec.MsgspecError) as error:
            _logger.warning("a viewer sent something that is no command: %s", error)
        finally:
            self._viewers.discard(viewer)
            writer.kill(block=False)
            connection.close()


def _read(connection: Any, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data
