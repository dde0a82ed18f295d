"""The real app in a real terminal: it must be left as it was found."""

from __future__ import annotations

import io
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

import pytest

from loadtui.tui import terminal

PROGRAM = """
import sys
from pathlib import Path
from loadtui.tui.live import watch
departure = watch(Path(sys.argv[1]))
print("left:", departure.left.name)
"""


@pytest.fixture
def viewer(tmp_path):
    """A viewer of a run that nobody hosts, on a terminal of its own, its stdout in a pipe."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, 80))
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        stdin=slave, stdout=subprocess.PIPE, stderr=slave, start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    yield process, master, slave
    process.kill()
    process.wait()
    for descriptor in (master, slave):
        os.close(descriptor)


def read_until(master, wanted, seconds=20):
    seen = b""
    end = time.monotonic() + seconds
    while wanted not in seen and time.monotonic() < end:
        if select.select([master], [], [], 0.2)[0]:
            seen += os.read(master, 65536)
    assert wanted in seen, seen[-2000:]
    return seen


ALTERNATE_OFF, MOUSE_OFF, CURSOR_ON = b"\x1b[?1049l", b"\x1b[?1000l", b"\x1b[?25h"


@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP", "q", "ctrl+c"])
def test_the_terminal_is_left_as_it_was(viewer, how):
    process, master, slave = viewer
    before = termios.tcgetattr(slave)
    read_until(master, b"no running load test")
    assert termios.tcgetattr(slave) != before
    if how.startswith("SIG"):
        process.send_signal(getattr(signal, how))
    else:
        os.write(master, {"q": b"q", "ctrl+c": b"\x03"}[how])
    seen = read_until(master, ALTERNATE_OFF)
    out, _ = process.communicate(timeout=20)
    while select.select([master], [], [], 0)[0]:
        seen += os.read(master, 65536)
    assert process.returncode == 0
    assert out.decode() == "left: LOST\n"
    assert termios.tcgetattr(slave) == before
    assert MOUSE_OFF in seen
    assert CURSOR_ON in seen


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, True),
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LANG": "ko_KR.utf8"}, True),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, False),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
    ],
)
def test_what_the_terminal_reads(monkeypatch, environment, spoken):
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "__stderr__", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert terminal.speaks_utf8() is spoken
    monkeypatch.setenv("TERM", "xterm")
    assert terminal.marker_for(None) == ("braille" if spoken else "ascii")
    assert terminal.marker_for("hd") == ("hd" if spoken else "ascii")


def test_no_terminal_no_screen(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "__stderr__", None)
    assert not terminal.usable()
