"""The Unix socket on which the host and the workers of one machine meet.

It lies in the run's folder, which only its owner can enter, and is gone once all workers have come.
A worker is known by the id that the host gave it through its pipe: what comes under another is
refused, and so is what is no message of Locust's.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import zmq.green
from locust.exception import RPCError
from locust.rpc import Message

from loadtui.engine.locustfile.locust_internals import RpcSocket
from loadtui.engine.refused_messages import RefusedMessages
from loadtui.wire.socket_address import socket_path

WORKER_SOCKET = "workers.sock"
LARGEST_MESSAGE = 1 << 28
"""Bytes; the connection that a longer one comes from is closed."""


class _FolderSocket(RpcSocket):
    """A socket of zmq at an address in a run's folder, which is good until it is closed: zmq
    connects some time later, in a thread of its own."""

    def __init__(self, kind: int, folder: Path) -> None:
        super().__init__(kind)
        self._address = ExitStack()
        self.address = f"ipc://{self._address.enter_context(socket_path(folder, WORKER_SOCKET))}"

    def close(self, linger: int | None = None) -> None:
        super().close(linger)
        self._address.close()


class HostSocket(_FolderSocket):
    """Hears the workers of this run, and nobody else."""

    def __init__(self, folder: Path, workers: Mapping[str, int]) -> None:
        """`workers`: client id -> number of the worker.  Raises OSError when the folder can hold no
        socket."""
        super().__init__(zmq.green.ROUTER, folder)
        self.workers = workers
        self._path = folder / WORKER_SOCKET
        self._ids = {client_id.encode(): client_id for client_id in workers}
        self._refusals = RefusedMessages("what no worker of this run sent")
        self.socket.setsockopt(zmq.green.MAXMSGSIZE, LARGEST_MESSAGE)
        try:
            self.socket.bind(self.address)
        except zmq.green.ZMQError as error:
            raise OSError(error.errno, os.strerror(error.errno), str(self._path)) from error

    def shut(self) -> None:
        """No more workers come."""
        with contextlib.suppress(OSError):  # where it stays, nobody answers at it
            self._path.unlink(missing_ok=True)

    def recv_from_client(self) -> tuple[str, Message]:
        """The next message of a worker, and its client id.  Raises RPCError when the socket is
        broken."""
        while True:
            try:
                sender, *body = self.socket.recv_multipart()
            except zmq.green.ZMQError as error:
                raise RPCError("the socket of the workers is broken") from error
            client_id = self._ids.get(sender)
            if client_id is None:
                self._refusals.note("an unknown client id")
                continue
            try:
                message = _decoded(body, client_id)
            except Exception as error:
                self._refusals.note(f"{type(error).__name__}: {error}")
                continue
            return client_id, message


class WorkerSocket(_FolderSocket):
    """A worker's connection to the host whose run lies in a folder."""

    def __init__(self, folder: Path, client_id: str) -> None:
        super().__init__(zmq.green.DEALER, folder)
        self.client_id = client_id
        self.socket.setsockopt(zmq.green.IDENTITY, client_id.encode())
        self.socket.connect(self.address)


def _decoded(body: list[bytes], client_id: str) -> Message:
    """The message in the frames that came from a client.  Raises anything for what is none."""
    (frame,) = body
    message: Any = Message.unserialize(frame)
    if not isinstance(message.type, str):
        raise ValueError("the type of a message is no text")
    if message.node_id != client_id:
        raise ValueError("a message in the name of another worker")
    return message
