"""Text that can be sent: messages are UTF-8, and not every Python string is."""

from __future__ import annotations


def encodable(text: str) -> str:
    """The text with lone surrogates, as JSON's `"\\ud83d"` is read, replaced by question marks."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text
