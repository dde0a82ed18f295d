"""The writing thread of the screen, and terminals that go away."""

from __future__ import annotations

import io
import threading
import time

import pytest

from loadtui.tui.terminal.output import MOST_WAITING, SLOW_S, OutputThread
from tests.support.waiting import wait_until


class Gone(io.StringIO):
    """A terminal whose window was closed."""

    def write(self, text: str) -> int:
        raise OSError(5, "Input/output error")


class Stuck(io.StringIO):
    """A terminal that does not read."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def write(self, text: str) -> int:
        self.released.wait(30)
        return len(text)


def test_everything_is_written_in_order() -> None:
    file = io.StringIO()
    output = OutputThread(file)
    output.start()
    for number in range(200):
        output.write(f"{number} ")
    output.stop()
    assert file.getvalue().split() == [str(number) for number in range(200)]


def test_a_terminal_that_has_gone_holds_nobody_up() -> None:
    output = OutputThread(Gone())
    output.start()
    for _ in range(200):
        output.write("frame")
    output.stop()
    assert not output.is_alive()


def test_a_terminal_that_does_not_read_holds_nobody_up() -> None:
    file = Stuck()
    output = OutputThread(file)
    output.start()
    for _ in range(200):
        output.write("frame")
    output.stop()
    assert output.is_alive()
    assert output.daemon
    file.released.set()
    output.join(30)


@pytest.mark.parametrize("frames", [1, MOST_WAITING])
def test_frames_are_kept_back_until_the_terminal_has_read(frames, monkeypatch):
    file, told = Stuck(), threading.Event()
    output = OutputThread(file, told.set)
    output.start()
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert not output.behind()
    output.write("f" * frames)
    assert not output.behind()
    now += SLOW_S + 0.01
    if frames == 1:
        assert output.behind()
    else:
        output.write("f")
        now -= SLOW_S
        assert output.behind()
    monkeypatch.undo()
    assert not told.is_set()
    file.released.set()
    assert told.wait(30)
    wait_until(lambda: not output.behind(), "the terminal to have read")
    output.stop()


def test_nobody_is_told_who_was_not_kept_back():
    file, told = io.StringIO(), []
    output = OutputThread(file, lambda: told.append(True))
    output.start()
    for _ in range(100):
        output.write("frame")
        assert not output.behind()
    output.stop()
    assert told == []
