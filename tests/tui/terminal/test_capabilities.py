"""The real app in a real terminal: it must be left as it was found."""

from __future__ import annotations

import io
import os
import signal
import sys

import pytest

from loadtui.tui.chart.markers import marker_for
from loadtui.tui.terminal import capabilities
from tests.support.viewer import NORMAL_MODES, PYTHON, Viewer

PROGRAM = """
import sys
from pathlib import Path
from loadtui.tui.watch_run import watch_run
viewer_exit = watch_run(Path(sys.argv[1]))
print("left:", viewer_exit.reason.name)
"""
BROKEN = """
from loadtui.tui.screens.live_screen import LiveScreen
def action_zoom(self):
    raise RuntimeError("broken on purpose")
LiveScreen.action_zoom = action_zoom
"""
SEEN = r"no running load test answers"


def viewer_of(folder, program=PROGRAM, **more):
    """A viewer of a run that nobody hosts."""
    return Viewer([PYTHON, "-c", program, str(folder)], folder, **more)


def left_alone(viewer):
    """Whether nothing of the program is left on its terminal."""
    return (
        viewer.settings == viewer.settings_before
        and viewer.screen.modes == NORMAL_MODES
        and viewer.screen.keyboard == 0
    )


@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP", "SIGINT", "ctrl+c"])
def test_the_terminal_is_left_as_it_was(tmp_path, how):
    with viewer_of(tmp_path) as viewer:
        viewer.wait_for(SEEN)
        assert not left_alone(viewer)
        assert {1000, 1049} < viewer.screen.modes
        if how.startswith("SIG"):
            viewer.process.send_signal(getattr(signal, how))
        else:
            viewer.press("\x03")
        out = viewer.end()
        assert left_alone(viewer)
        assert out == "left: LOST\n"
        assert viewer.process.returncode == 0


def test_a_crash_in_a_screen_is_told_on_the_terminal_as_it_was(tmp_path):
    with viewer_of(tmp_path, BROKEN + PROGRAM, size=(100, 60)) as viewer:
        viewer.wait_for(SEEN)
        viewer.press("z")
        out = viewer.end()
        assert left_alone(viewer)
        assert "broken on purpose" in viewer.screen.text()
        assert out == "left: FAILED\n"


def test_signalled_before_the_screen_is_there(tmp_path):
    with viewer_of(tmp_path) as viewer:
        viewer.wait_until(lambda _: 1049 in viewer.screen.modes, "the alternate screen")
        viewer.process.send_signal(signal.SIGTERM)
        out = viewer.end()
        assert left_alone(viewer)
        assert out.startswith("left: ")


def test_a_terminal_that_is_gone_ends_the_viewer(tmp_path):
    with viewer_of(tmp_path) as viewer:
        viewer.wait_for(SEEN)
        viewer.hang_up()
        assert viewer.end() == "left: LOST\n"


def test_suspended_and_back_again(tmp_path):
    with viewer_of(tmp_path) as viewer:
        seen = viewer.wait_for(f"(?s){SEEN}.*quit")
        viewer.press("\x1a")
        viewer.wait_until(lambda _: 1049 not in viewer.screen.modes, "the normal screen")
        os.waitpid(viewer.process.pid, os.WUNTRACED)
        viewer.look()
        assert left_alone(viewer)
        viewer.process.send_signal(signal.SIGCONT)
        viewer.wait_until(lambda text: text == seen, "the picture as it was")
        assert {1000, 1049} < viewer.screen.modes
        viewer.press("q")
        assert viewer.end() == "left: LOST\n"
        assert left_alone(viewer)


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
    assert capabilities.speaks_utf8() is spoken
    monkeypatch.setenv("TERM", "xterm")
    assert marker_for(None) == ("braille" if spoken else "ascii")
    assert marker_for("hd") == ("hd" if spoken else "ascii")


def test_no_terminal_no_screen(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "__stderr__", None)
    assert not capabilities.can_show_screen()
