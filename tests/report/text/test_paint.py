"""Colour only where it is wanted."""

from __future__ import annotations

import io

import pytest

from loadtui.report.text.paint import Paint, wants_color


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_text_without_colour_is_the_same_text() -> None:
    assert Paint(False)("FAIL", "bad") == "FAIL"
    assert Paint(True)("FAIL", "bad") == "\x1b[31mFAIL\x1b[0m"
    assert Paint(True)("", "bad") == ""


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_who_wants_colour(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], wanted: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert wants_color(Terminal()) is wanted
    assert wants_color(io.StringIO()) is False
