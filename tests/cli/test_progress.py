"""The progress of a run without a screen."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import pty
import struct
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from loadtui.cli.progress import SHAPE_STAGE, ProgressPrinter
from loadtui.samples.figures import Figures
from loadtui.wire.messages import Snapshot, StageRow


def at(elapsed: float, **fields: object) -> Snapshot:
    figures = Figures(requests=100, failures=3, error_rate=0.03, rps=1234.5, p95_ms=480.0)
    given: dict[str, object] = {
        "run": "r", "plan": "p", "target": "", "provenance": "measured", "state": "running",
        "folder": "", "elapsed_s": elapsed, "duration_s": 900.0, "stage": 1,
        "stages": [StageRow("L1", 10, 300.0), StageRow("L2", 50, 600.0)], "users": 50,
        "users_target": 50, "now": figures, "totals": figures, "endpoints": [], "errors": [],
        "error_kinds": 0, "exceptions": 0, "last_exception": "", "workers": [], "in_flight": 0,
        "unfinished": 0, "bad_seconds": 0, "measured_seconds": 0, "invalid_reasons": [],
        "thresholds": [], "steered": False, "marks": [], "point": None,
    }  # fmt: skip
    return Snapshot(**{**given, **fields})  # type: ignore[arg-type]


class Terminal:
    def __init__(self, columns: int) -> None:
        self._near, far = pty.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.stream = os.fdopen(far, "w", encoding="utf-8")

    def line(self) -> str:
        """What the line shows that was written last."""
        return os.read(self._near, 65536).decode().rpartition("\x1b[K")[2]

    def close(self) -> None:
        self.stream.close()
        os.close(self._near)


@pytest.fixture(params=[120, 80, 70, 40])
def columns(request: pytest.FixtureRequest) -> int:
    assert isinstance(request.param, int)
    return request.param


@pytest.fixture
def terminal(columns: int) -> Iterator[Terminal]:
    made = Terminal(columns)
    yield made
    made.close()


def test_the_bar_gives_way_to_the_figures(terminal: Terminal, columns: int) -> None:
    ProgressPrinter(terminal.stream, unicode=True).show(at(372))
    line = terminal.line()
    assert cell_len(line) < columns
    if columns >= 80:
        figures = "50 users  1 234 rps  p95 480 ms  3 errors (3.00 %)"
        assert line.endswith(f"06:12 / 15:00 L2 2/2 {figures}")
        assert " 41 % " in line
    assert ("━" in line) == (columns == 120)


def test_without_a_terminal_it_is_a_line_every_few_seconds() -> None:
    stream = io.StringIO()
    progress = ProgressPrinter(stream, unicode=False)
    for second in range(1, 13):
        progress.show(at(second, duration_s=12.0))
    progress.done()
    lines = stream.getvalue().splitlines()
    assert [line[:5] for line in lines] == ["00:05", "00:10"]
    assert "\x1b" not in stream.getvalue()


def test_it_warns_once_of_a_run_that_becomes_invalid() -> None:
    stream = io.StringIO()
    progress = ProgressPrinter(stream, unicode=False)
    for second in (1, 2):
        progress.show(at(second, invalid_reasons=["samples were lost"]))
    assert stream.getvalue() == "! becoming invalid: samples were lost\n"


def test_why_it_breaks_off_is_told_at_once() -> None:
    stream = io.StringIO()
    progress = ProgressPrinter(stream, unicode=False)
    full = "the disk is full"
    bad = ["the load generator was the bottleneck", f"the run broke off: {full}"]
    for state in ("running", "stopping", "stopping", "failed"):
        progress.show(at(2, state=state, invalid_reasons=bad, ended_because=full))
    assert stream.getvalue().splitlines() == [
        "! becoming invalid: the load generator was the bottleneck",
        "stopping: the run broke off: the disk is full",
    ]


def test_a_run_that_nothing_ends_is_told_once() -> None:
    stream = io.StringIO()
    progress = ProgressPrinter(stream, unicode=False)
    run = [StageRow("run", 1, None)]
    for elapsed in (0, 1, 2):
        progress.show(at(elapsed, duration_s=None, stages=run, stage=0))
    [line] = stream.getvalue().splitlines()
    assert line.startswith("no end is planned: it runs until Ctrl-C")


@pytest.mark.parametrize(
    "fields",
    [{}, {"duration_s": None, "stage": 0, "stages": [StageRow(SHAPE_STAGE, 0, None)]}],
    ids=["a length", "a load shape"],
)
def test_a_run_that_has_an_end_says_nothing_of_it(fields: dict[str, object]) -> None:
    stream = io.StringIO()
    ProgressPrinter(stream, unicode=False).show(at(1, **fields))
    assert stream.getvalue() == ""


def test_an_end_as_planned_is_not_told() -> None:
    stream = io.StringIO()
    progress = ProgressPrinter(stream, unicode=False)
    progress.show(at(2, state="stopping", ended_because="the run time is over"))
    assert stream.getvalue() == ""


def test_a_log_on_a_full_disk_ends_no_run() -> None:
    stream = Path("/dev/full").open("w")  # noqa: SIM115  (closing it fails too)
    progress = ProgressPrinter(stream, unicode=False)
    progress.say("a line")
    progress.show(at(600))
    progress.done()
    with contextlib.suppress(OSError):
        stream.close()
