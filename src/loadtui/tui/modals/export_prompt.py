"""Asks where to write a run to."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.tui.modals.text_prompt import TextPrompt


def export_prompt(run: str, endings: Sequence[str]) -> TextPrompt:
    """Asks for a path; its ending, one of `endings`, says how the run is written."""
    known = ", ".join(endings)

    def refuse(text: str) -> str:
        if not text.strip():
            return "a path is needed"
        if not text.strip().lower().endswith(tuple(endings)):
            return f"give it one of the endings {known}"
        return ""

    first = endings[0] if endings else ""
    return TextPrompt(
        "Export", f"Write the run to a file; its ending says how: {known}.", run + first, refuse
    )
