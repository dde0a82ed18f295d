"""The control socket: a real server on gevent in a process of its own, and the real client."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import MSG_WAITALL, socket

import pytest

from loadtui.wire.frames import HEADER, body_length, pack, unpack_pushed
from loadtui.wire.http_exchange import HttpAnswer
from loadtui.wire.messages import Command, Pushed, Reply
from loadtui.wire.single_command import call
from loadtui.wire.socket_address import SOCKET_NAME, HostNotRunning, connect

SERVER = """
import sys, time
from pathlib import Path
import gevent
from gevent.event import Event
from loadtui.engine.host.viewer_socket import ViewerSocket
from loadtui.samples.figures import Figures
from loadtui.wire.http_exchange import HttpAnswer
from loadtui.wire.messages import Reply, Snapshot

published = 0
over = Event()

def snapshot(padding=""):
    return Snapshot(
        run="r", plan="p", target="", provenance="measured", state="running", folder=padding,
        elapsed_s=float(published), duration_s=None, stage=-1, stages=[], users=0, users_target=0,
        now=Figures(), totals=Figures(), endpoints=[], errors=[], error_kinds=0, exceptions=0,
        last_exception="", workers=[], in_flight=0, unfinished=0, bad_seconds=0,
        measured_seconds=0, invalid_reasons=[], thresholds=[], steered=False, marks=[], point=None)

def handle(command):
    global published
    if command.do == "mark":
        return Reply(command.id, error=f"marked {command.text}")
    if command.do == "users":
        began = time.monotonic()
        for _ in range(command.users):
            published += 1
            control.publish(snapshot(command.text))
        return Reply(command.id, error=str(time.monotonic() - began < 4.0))
    if command.do == "stop":
        over.set()
    return Reply(command.id)

def last():
    return {"/x": HttpAnswer("200 OK", [], b"last")}

control = ViewerSocket(Path(sys.argv[1]), handle, snapshot, last)
print("ready", flush=True)
over.wait(60)
print("closing", flush=True)
control.close()
print("closed", flush=True)
"""


@pytest.fixture(params=["short", "over what the kernel takes as an address"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "short":
        return tmp_path
    deep = tmp_path / ("a" * 80) / ("b" * 80)
    deep.mkdir(parents=True)
    return deep


@pytest.fixture
def server(folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


Viewer = Callable[[], socket]


@pytest.fixture
def viewer(server: subprocess.Popen[str], folder: Path) -> Iterator[Viewer]:
    doors: list[socket] = []

    def viewer() -> socket:
        doors.append(connect(folder, 10))
        return doors[-1]

    yield viewer
    for door in doors:
        door.close()


def exactly(door: socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = door.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def next_of(door: socket) -> Pushed:
    return unpack_pushed(exactly(door, body_length(exactly(door, HEADER.size))))


def subscribed(door: socket) -> socket:
    door.sendall(pack(Command(1, "subscribe")))
    reply, first = next_of(door), next_of(door)
    assert reply.reply is not None
    assert reply.reply.id == 1
    assert first.snapshot is not None
    return door


def test_commands_are_answered_by_number(server: subprocess.Popen[str], folder: Path) -> None:
    assert call(folder, Command(7, "mark", text="부하")).error == "marked 부하"
    assert call(folder, Command(8, "history")).id == 8


def test_only_its_owner_may_open_it(server: subprocess.Popen[str], folder: Path) -> None:
    assert stat.S_IMODE((folder / SOCKET_NAME).stat().st_mode) == 0o600


def test_snapshots_go_to_those_that_subscribed(viewer: Viewer, folder: Path) -> None:
    watching, silent = subscribed(viewer()), viewer()
    call(folder, Command(1, "users", users=1))
    pushed = next_of(watching)
    assert pushed.snapshot is not None
    assert pushed.snapshot.elapsed_s == 1.0
    silent.sendall(pack(Command(5, "mark", text="x")))
    answer = next_of(silent)
    assert answer.snapshot is None
    assert answer.reply is not None
    assert answer.reply.id == 5


def test_a_viewer_that_does_not_read_holds_up_nobody(viewer: Viewer, folder: Path) -> None:
    """It keeps the frame it is stuck in, and gets the newest snapshot after that."""
    stuck, quick = subscribed(viewer()), subscribed(viewer())
    padding = "x" * 4_000_000
    for number in range(1, 6):
        reply = call(folder, Command(1, "users", users=3, text=padding))
        assert reply.error == "True"  # publishing did not wait
        newest = 0.0
        while newest < 3 * number:
            pushed = next_of(quick)
            assert pushed.snapshot is not None
            newest = pushed.snapshot.elapsed_s
    seen = []
    while not seen or seen[-1] < 15:
        pushed = next_of(stuck)
        assert pushed.snapshot is not None
        seen.append(pushed.snapshot.elapsed_s)
    assert len(seen) <= 3
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    "rubbish", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x02hi", b"\x00\x00\x00\x00", b"\x00"]
)
def test_rubbish_ends_that_viewer_only(rubbish: bytes, viewer: Viewer, folder: Path) -> None:
    door, other = viewer(), viewer()
    door.sendall(rubbish)
    if len(rubbish) > 1:
        with pytest.raises(EOFError):
            next_of(door)
    door.close()
    subscribed(other)
    assert call(folder, Command(2, "mark", text="a")).error == "marked a"


def test_at_the_end_viewers_get_what_was_sent_and_the_socket_goes(
    server: subprocess.Popen[str], viewer: Viewer, folder: Path
) -> None:
    watching = subscribed(viewer())
    call(folder, Command(1, "users", users=1))
    call(folder, Command(2, "stop"))
    pushed = next_of(watching)
    assert pushed.snapshot is not None
    assert pushed.snapshot.elapsed_s == 1.0
    with pytest.raises(EOFError):
        next_of(watching)
    assert server.wait(10) == 0
    assert not (folder / SOCKET_NAME).exists()
    with pytest.raises(HostNotRunning):
        call(folder, Command(3, "stop"))


def test_a_viewer_that_never_reads_does_not_keep_the_host_alive(
    server: subprocess.Popen[str], viewer: Viewer, folder: Path
) -> None:
    subscribed(viewer())
    call(folder, Command(1, "users", users=1, text="x" * 4_000_000))
    call(folder, Command(2, "stop"))
    assert server.wait(10) == 0


def test_what_is_asked_after_the_last_words_is_asked_of_nobody(
    server: subprocess.Popen[str], viewer: Viewer, folder: Path
) -> None:
    """They are about to be told, and would not tell of it."""
    subscribed(viewer())  # and does not read, so that closing takes its time
    call(folder, Command(1, "users", users=1, text="x" * 4_000_000))
    call(folder, Command(2, "stop"))
    assert server.stdout is not None
    assert server.stdout.readline() == "closing\n"
    with pytest.raises(ConnectionError):
        call(folder, Command(3, "mark", text="too late"))


def test_the_socket_of_a_host_that_died_is_replaced(folder: Path) -> None:
    (folder / SOCKET_NAME).write_bytes(b"")
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert call(folder, Command(1, "mark", text="a")).error == "marked a"
        process.kill()


def test_what_is_to_be_answered_afterwards_comes_at_the_end(
    folder: Path, server: subprocess.Popen[str]
) -> None:
    with connect(folder, 30) as waiting:
        waiting.sendall(pack(Command(7, "last_http")) + pack(Command(8, "mark", text="x")))
        assert received(waiting).reply == Reply(8, error="marked x"), "others do not wait"
        call(folder, Command(1, "stop"))
        assert received(waiting).reply == Reply(
            7, last_http={"/x": HttpAnswer("200 OK", [], b"last")}
        )


def received(connection: socket) -> Pushed:
    def read(size: int) -> bytes:
        return connection.recv(size, MSG_WAITALL)

    return unpack_pushed(read(body_length(read(HEADER.size))))
