"""Who is heard on the socket of the workers, over real zmq connections."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import gevent
import msgspec
import pytest
import zmq.green
from locust.rpc import Message

from loadtui.engine.worker_socket import WORKER_SOCKET, HostSocket, WorkerSocket

ANNA = "box_2f1b"
NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / ("a long name " * 12)
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def host(folder: Path) -> Iterator[HostSocket]:
    made = HostSocket(folder, {ANNA: 0})
    yield made
    made.close(linger=0)


def next_message(host: HostSocket) -> tuple[str, Message]:
    with gevent.Timeout(10):
        return host.recv_from_client()


def test_a_worker_is_heard_and_answered(host: HostSocket, folder: Path) -> None:
    worker = WorkerSocket(folder, ANNA)
    worker.send(Message("hello", {"pid": 7}, ANNA))
    sender, message = next_message(host)
    assert (sender, message.type, message.data) == (ANNA, "hello", {"pid": 7})
    host.send_to_client(Message("begin", {"t0": 1.5}, ANNA))
    with gevent.Timeout(10):
        assert worker.recv().data == {"t0": 1.5}
    worker.close(linger=0)


@pytest.mark.parametrize(
    "body",
    [
        [b"\xc1 no msgpack"],
        [msgspec.msgpack.encode(("hello", {}))],
        [msgspec.msgpack.encode(("hello", {}, "box_other"))],
        [msgspec.msgpack.encode((7, {}, ANNA))],
        [msgspec.msgpack.encode(["hello", {"__datetime__": 1}, ANNA])],
        [msgspec.msgpack.encode({"hello": ANNA})],
        [b""],
        [msgspec.msgpack.encode(("hello", {}, ANNA)), b"and a frame more"],
    ],
    ids=repr,
)
def test_what_is_no_message_is_refused_and_the_next_one_heard(
    host: HostSocket, folder: Path, body: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    worker = WorkerSocket(folder, ANNA)
    worker.socket.send_multipart(body)
    worker.send(Message("after it", None, ANNA))
    assert next_message(host)[1].type == "after it"
    assert "refused what no worker of this run sent" in caplog.text
    worker.close(linger=0)


def test_a_stranger_is_not_heard(
    host: HostSocket, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever can enter the folder does not know the ids."""
    worker, stranger = WorkerSocket(folder, ANNA), WorkerSocket(folder, "box_drawn")
    stranger.send(Message("locustfile", {"version": "2.47.0"}, "box_drawn"))
    stranger.send(Message("hello", {}, ANNA))
    with gevent.Timeout(10):
        while "unknown client id" not in caplog.text:
            with pytest.raises(gevent.Timeout), gevent.Timeout(0.05):
                host.recv_from_client()
    worker.send(Message("hello", {}, ANNA))
    assert next_message(host)[0] == ANNA
    with pytest.raises(zmq.green.Again):
        stranger.socket.recv(zmq.green.NOBLOCK)
    for one in (worker, stranger):
        one.close(linger=0)


def test_nobody_comes_once_it_is_shut(host: HostSocket, folder: Path) -> None:
    worker = WorkerSocket(folder, ANNA)
    worker.send(Message("hello", None, ANNA))
    next_message(host)
    host.shut()
    assert not (folder / WORKER_SOCKET).exists()
    worker.send(Message("still here", None, ANNA))
    assert next_message(host)[1].type == "still here"
    worker.close(linger=0)


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to become another user")
def test_another_user_cannot_connect(tmp_path: Path) -> None:
    for above in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        above.chmod(0o755)
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    host = HostSocket(folder, {ANNA: 0})
    # The socket itself is open to all: as with a umask of 0, it is the folder that keeps them out.
    (folder / WORKER_SOCKET).chmod(0o777)
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.chdir(tmp_path)
            os.setgroups([])
            os.setuid(NOBODY)
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(f"run/{WORKER_SOCKET}")
        except PermissionError:
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    host.close(linger=0)


def test_a_folder_that_can_hold_no_socket(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        HostSocket(tmp_path / "not there", {ANNA: 0})
