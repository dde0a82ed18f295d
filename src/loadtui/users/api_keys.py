"""API keys: from the environment alone, and never in a text that is stored."""

from __future__ import annotations

import os
import re

from loadtui.known_secrets import SECRETS

_HIDDEN = "(key)"
_SHORTEST = 8
"""Characters; what is shorter, such as the `EMPTY` that some services want, is no secret."""
# Services quote the key that they refuse, in part or with stars in it.
_QUOTED = re.compile(r"\b(?:sk|pk)-[\w*.…-]{4,}|\bBearer\s+\S+", re.IGNORECASE)
_used: set[str] = set()


def api_key(variable: str) -> str:
    """The key in an environment variable, empty when it is not set.

    Raises ValueError, which does not show the key, when no header can carry it.
    """
    key = os.environ.get(variable, "").strip() if variable else ""
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError(f"{variable} holds characters that no key has, such as a line break")
    if len(key) >= _SHORTEST:
        _used.add(key)
        SECRETS.add(key)
    return key


def bearer(key: str) -> dict[str, str]:
    """The header that shows a key; none for an empty one."""
    return {"Authorization": f"Bearer {key}"} if key else {}


def without_keys(text: str) -> str:
    """The text with all keys that users were given, and whatever else looks like one, hidden."""
    for key in _used:
        text = text.replace(key, _HIDDEN)
    return _QUOTED.sub(_HIDDEN, text)
