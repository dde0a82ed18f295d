"""The message of an exception, whose recorded text begins with its type."""

from __future__ import annotations


def message_of(text: str) -> str:
    """`no` of `ValueError: no`, which is all that Locust shows of an exception."""
    kind, colon, message = text.partition(": ")
    return message if colon and kind.isidentifier() else text
