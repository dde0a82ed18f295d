from __future__ import annotations

import socket
import threading

import pytest

from loadtui.wire import frames
from loadtui.wire.messages import Command, Pushed, Reply
from loadtui.wire.single_command import call
from loadtui.wire.socket_address import SOCKET_NAME, HostNotRunning


@pytest.fixture
def host(tmp_path):
    """Answers the next connection with the frames it is given, after reading one command."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / SOCKET_NAME))
    listener.listen()
    threads = []

    def answers(*pushed: Pushed, hold: threading.Event | None = None) -> None:
        def serve() -> None:
            door, _ = listener.accept()
            with door:
                door.recv(65536)
                for one in pushed:
                    door.sendall(frames.pack(one))
                if hold is not None:
                    hold.wait(10)

        threads.append(threading.Thread(target=serve, daemon=True))
        threads[-1].start()

    yield answers
    for thread in threads:
        thread.join(10)
    listener.close()


def test_the_reply_with_the_commands_number_is_returned(tmp_path, host):
    host(Pushed(reply=Reply(id=1)), Pushed(reply=Reply(id=7, error="no")))
    assert call(tmp_path, Command(id=7, do="stop")).error == "no"


def test_a_host_that_hangs_up(tmp_path, host):
    host()
    with pytest.raises(HostNotRunning):
        call(tmp_path, Command(id=1, do="stop"))


def test_a_host_that_says_nothing(tmp_path, host):
    over = threading.Event()
    host(hold=over)
    with pytest.raises(TimeoutError):
        call(tmp_path, Command(id=1, do="stop"), timeout=0.05)
    over.set()


def test_no_host(tmp_path):
    with pytest.raises(HostNotRunning):
        call(tmp_path, Command(id=1, do="stop"))
