"""Asks where to write a run to."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.tui.modals.text_prompt import TextPrompt


def export_prompt(run: str, forms: Sequence[str]) -> TextPrompt:
    """Asks for a path; its ending, one of `forms`, says how the run is written."""
    known = ", ".join(forms)

    def refuse(text: str) -> str:
        if not text.strip():
            return "a path is needed"
        if not text.strip().lower().endswith(tuple(forms)):
            return f"give it one of the endings {known}"
        return ""

    first = forms[0] if forms else ""
    return TextPrompt(
        "Export", f"Write the run to a file; its ending says how: {known}.", run + first, refuse
    )
