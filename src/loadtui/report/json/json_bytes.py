"""JSON documents as bytes: strict, in UTF-8, and harmless to a terminal that shows them."""

from __future__ import annotations

import json
from typing import Any

from loadtui.printable_text import visible_json

JsonDocument = dict[str, Any]


def to_json(document: JsonDocument | list[JsonDocument]) -> bytes:
    """A document, or those of several runs, as strict JSON in UTF-8 with a newline at its end."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    return visible_json(text).encode() + b"\n"
