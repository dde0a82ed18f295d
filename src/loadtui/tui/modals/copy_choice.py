"""Asks what to copy to the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.tui.cells.text import one_line
from loadtui.tui.modals.choice import ChoiceAnswer, ChoiceDialog


def copy_question(things: Sequence[tuple[str, str]]) -> ChoiceDialog:
    """Answered with the number of the thing, from 1, of (what it is, the text of it)."""
    return ChoiceDialog(
        "Copy",
        "Goes to the clipboard of the terminal, where it allows that (OSC 52).",
        [
            ChoiceAnswer(str(number), str(number), f"{label}: {one_line(text)}")
            for number, (label, text) in enumerate(things, start=1)
        ],
    )
