"""How far files have been read, on a terminal and beside it."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest
from rich.cells import cell_len

from loadtui.cli.progress_bar import ERASE
from loadtui.cli.reading_progress import ReadingProgress


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal:
    def __init__(self, columns: int) -> None:
        self._near, far = pty.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.stream: TextIO = os.fdopen(far, "w", encoding="utf-8")

    def written(self) -> str:
        self.stream.write("|")
        self.stream.flush()
        text = ""
        while not text.endswith("|"):
            text += os.read(self._near, 65536).decode()
        return text[:-1]

    def close(self) -> None:
        self.stream.close()
        os.close(self._near)


@pytest.fixture(params=[80, 40])
def terminal(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    made = Terminal(request.param)
    yield made
    made.close()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "one.jtl", tmp_path / "two.jtl"]
    for path in paths:
        path.write_bytes(b"x" * 10_000)
    return paths


def test_a_line_says_how_much_is_left(terminal: Terminal, files: list[Path]) -> None:
    clock = Clock()
    with ReadingProgress(terminal.stream, files, unicode=False, clock=clock) as progress:
        progress(files[0], 2000)
        assert terminal.written() == ""
        clock.now += 1
        progress(files[0], 4000)
        first = terminal.written()
        clock.now += 0.05
        progress(files[0], 4500)
        assert terminal.written() == ""
        clock.now += 3
        # Its head is looked at again.
        progress(files[0], 10)
        second = terminal.written()
        progress(files[0], 10_000)
        progress(files[1], 10_000)
        last = terminal.written().rpartition(ERASE)[2]
    assert terminal.written() == ERASE
    width = os.get_terminal_size(terminal.stream.fileno()).columns
    for line in (first, second, last):
        assert cell_len(line.removeprefix(ERASE)) < width
    assert "left" not in first
    if width >= 80:
        assert "20 % 4.0 kB of 20.0 kB  one.jtl" in first
        assert "22 % 4.5 kB of 20.0 kB, 14 s left  one.jtl" in second
        assert "100 % 20.0 kB of 20.0 kB, sorting out what was read  two.jtl" in last


def test_a_pipe_is_told_nothing(files: list[Path]) -> None:
    clock, stream = Clock(), io.StringIO()
    with ReadingProgress(stream, files, unicode=True, clock=clock) as progress:
        clock.now += 60
        progress(files[0], 4000)
    assert stream.getvalue() == ""


def test_a_file_that_is_not_there(terminal: Terminal, tmp_path: Path) -> None:
    with ReadingProgress(terminal.stream, [tmp_path / "x"], unicode=True, clock=Clock()):
        pass
    assert terminal.written() == ""
