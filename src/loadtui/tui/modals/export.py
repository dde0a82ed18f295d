"""Asks where to write a run to."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.tui.modals.entry import Entry


def export_entry(run: str, forms: Sequence[str]) -> Entry:
    """Asks for a path; its ending, one of `forms`, says how the run is written."""
    known = ", ".join(forms)

    def refuse(text: str) -> str:
        if not text.strip():
            return "a path is needed"
        if not text.strip().lower().endswith(tuple(forms)):
            return f"give it one of the endings {known}"
        return ""

    first = forms[0] if forms else ""
    return Entry(
        "Export", f"Write the run to a file; its ending says how: {known}.", run + first, refuse
    )
