"""JSON documents as bytes: strict, in UTF-8, and harmless to a terminal that shows them."""

from __future__ import annotations

import json
import re
from typing import Any

_DRIVING = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|(?<=##)\\[")
"""What JSON may hold as it is, and a terminal or GitHub takes as a command, or a terminal writes the
other way round."""

JsonDocument = dict[str, Any]


def to_json(document: JsonDocument | list[JsonDocument]) -> bytes:
    """A document, or those of several runs, as strict JSON in UTF-8 with a newline at its end."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    # A name with bytes that are no UTF-8 holds lone surrogates: these become JSON's own escapes.
    text = _DRIVING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text.encode("utf-8", "backslashreplace") + b"\n"
