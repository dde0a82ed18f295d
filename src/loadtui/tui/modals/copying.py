"""Asks what to copy to the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.tui.modals.choice import Answer, Choice
from loadtui.tui.text import clean


def copy_question(things: Sequence[tuple[str, str]]) -> Choice:
    """Answered with the number of the thing, from 1, of (what it is, the text of it)."""
    return Choice(
        "Copy",
        "Goes to the clipboard of the terminal, where it allows that (OSC 52).",
        [
            Answer(str(number), str(number), f"{label}: {clean(text)}")
            for number, (label, text) in enumerate(things, start=1)
        ],
    )
