"""The writing thread of the screen, and terminals that go away."""

from __future__ import annotations

import io
import threading

from loadtui.tui.output import OutputThread


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
