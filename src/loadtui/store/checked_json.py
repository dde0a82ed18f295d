"""JSON documents that carry a checksum of what they say, checked whenever they are read.

It is one of the content, not of the bytes: a document that a tool has indented anew is the same.
One without a checksum, as earlier versions wrote them, is read as it is.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeVar

import msgspec

CHECKSUM = "checksum"
"""The key that documents have it under."""

T = TypeVar("T", bound=msgspec.Struct)


def with_checksum(value: msgspec.Struct) -> dict[str, Any]:
    """The document of a struct, its checksum at the end."""
    document: dict[str, Any] = msgspec.to_builtins(value)
    return {**document, CHECKSUM: _checksum(document)}


def decode_checked(data: bytes, kind: type[T]) -> T:
    """The struct that a document is of.

    Raises ValueError, whose text says what is wrong: for no JSON, for JSON that is of another kind
    or nested too deeply, and where the checksum differs.
    """
    try:
        document = msgspec.json.decode(data)
        expected = document.pop(CHECKSUM, None) if isinstance(document, dict) else None
        value = msgspec.convert(document, kind, str_keys=True)
        if expected is not None and expected != _checksum(document):
            raise ValueError("its checksum differs from that of what it says")
        return value
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except msgspec.MsgspecError as error:  # below msgspec 0.20 no ValueError
        raise ValueError(str(error)) from error


def _checksum(document: dict[str, Any]) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
