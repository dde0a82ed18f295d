"""What a terminal can, by what its variables say."""

from __future__ import annotations

import os
import shutil

import pytest

from loadtui.doctor import terminal_checks
from loadtui.doctor.terminal_checks import clipboard, colours, letters, mouse, multiplexer
from tests.doctor.conftest import Look


@pytest.mark.parametrize(
    ("env", "level", "found"),
    [
        ({"TERM": "xterm-256color"}, "ok", "256 (TERM=xterm-256color)"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "ok", "16 million"),
        ({"TERM": "xterm"}, "note", "perhaps 16 (TERM=xterm)"),
        ({"TERM": "dumb"}, "note", "none (TERM=dumb)"),
        ({}, "note", "none (TERM=not set)"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "note", "NO_COLOR is set"),
    ],
)
def test_colours(look: Look, env: dict[str, str], level: str, found: str) -> None:
    finding = look(colours, env=env)
    assert (finding.level, finding.found) == (level, found)


@pytest.mark.parametrize(
    ("env", "level", "words"),
    [
        ({"TERM": "xterm-kitty"}, "ok", "takes"),
        ({"TERM_PROGRAM": "Apple_Terminal", "TERM": "xterm-256color"}, "note", "refuse"),
        ({"VTE_VERSION": "7600", "TERM": "xterm-256color"}, "note", "refuse"),
        ({"TMUX": "/tmp/x", "TERM": "tmux-256color"}, "note", "tmux"),
        ({"TERM": "xterm-256color"}, "ok", "cannot be asked"),
    ],
)
def test_the_clipboard(look: Look, env: dict[str, str], level: str, words: str) -> None:
    finding = look(clipboard, env=env)
    assert (finding.level, words in finding.found) == (level, True)


@pytest.mark.parametrize(
    ("env", "level", "found"),
    [
        ({}, "ok", "local"),
        ({"SSH_CONNECTION": "a 1 b 22"}, "note", "over SSH, without tmux or screen"),
        ({"SSH_CONNECTION": "a 1 b 22", "TMUX": "x"}, "ok", "over SSH, in tmux or screen"),
        (
            {"SSH_CONNECTION": "a 1 b 22", "TERM": "screen.linux"},
            "ok",
            "over SSH, in tmux or screen",
        ),
    ],
)
def test_the_line(look: Look, env: dict[str, str], level: str, found: str) -> None:
    finding = look(multiplexer, env=env)
    assert (finding.level, finding.found) == (level, found)


def test_the_mouse(look: Look) -> None:
    levels = [look(mouse, env=env).level for env in ({"TERM": "linux"}, {"TMUX": "x"}, {})]
    assert levels == ["note", "note", "ok"]


def test_letters_and_what_charts_are_drawn_with(
    machine: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    found = list(letters(machine))  # type: ignore[arg-type]
    assert [(one.name, one.level) for one in found] == [("letters", "note"), ("charts", "note")]
    assert found[0].command == "export LC_ALL=C.UTF-8"


def test_the_screen_and_its_size(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_checks, "can_show_screen", lambda: False)
    assert look(terminal_checks.screen).level == "note"
    monkeypatch.setattr(terminal_checks, "can_show_screen", lambda: True)
    assert look(terminal_checks.screen).level == "ok"
    for size, level in (((50, 18), "note"), ((120, 40), "ok")):
        monkeypatch.setattr(
            shutil, "get_terminal_size", lambda _, size=size: os.terminal_size(size)
        )
        assert look(terminal_checks.window_size).level == level
