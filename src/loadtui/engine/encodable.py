"""Text that can be sent: messages are UTF-8, and not every Python string is."""

from __future__ import annotations

MARK = "…"
"""Stands where a text was cut."""


def encodable(text: str) -> str:
    """The text with lone surrogates, as JSON's `"\\ud83d"` is read, replaced by question marks."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def shortened(text: str, most: int) -> str:
    """The encodable text in no more than so many characters, the last a MARK where it was cut."""
    return encodable(text if len(text) <= most else text[: most - 1] + MARK)
