"""Control sockets are reached however long the path of their run is."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from loadtui.wire.socket_address import SOCKET_NAME, HostNotRunning, connect, socket_path


@pytest.mark.parametrize("length", [1, 100, 200])
def test_a_socket_in_a_long_path_is_reached(tmp_path: Path, length: int) -> None:
    folder = tmp_path / ("x" * length)
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        with socket_path(folder) as path:
            assert len(os.fsencode(path)) <= 100
            listening.bind(path)
        listening.listen()
        assert (folder / SOCKET_NAME).is_socket()
        with connect(folder, timeout=1.0) as connection, listening.accept()[0] as other:
            assert connection.gettimeout() == 1.0
            connection.sendall(b"x")
            assert other.recv(1) == b"x"


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 150)
    folder.mkdir()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with pytest.raises(HostNotRunning):
            connect(folder)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_nobody_answers(tmp_path: Path) -> None:
    sentence = f"no running load test answers in {tmp_path}"
    with pytest.raises(HostNotRunning, match=sentence):
        connect(tmp_path / "gone")
    with pytest.raises(HostNotRunning, match=sentence):
        connect(tmp_path)
    with socket.socket(socket.AF_UNIX) as dead, socket_path(tmp_path) as path:
        dead.bind(path)
    with pytest.raises(HostNotRunning, match=sentence):
        connect(tmp_path)
