"""What a service says when it refuses, in words that are the same for the same reason.

Failures are counted by their text, so ids, which differ from request to request, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from loadtui.users.api_keys import without_keys

LONGEST_REASON = 160
"""Characters of a service's own words that are kept."""
# Request ids, UUIDs, hashes: long, of one piece, with a digit in them.
_ID = re.compile(r"\b(?=[\w-]*\d)[\w-]{16,}\b")


def refusal_words(status: int, body: bytes, retry_after_s: float | None = None) -> str:
    """Status, Retry-After and what the body of a refusal says, such as
    `429 Too Many Requests, retry after 20 s: rate_limit_exceeded: slow down`."""
    try:
        words = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        words = str(status)
    if retry_after_s is not None:
        words += f", retry after {retry_after_s:g} s"
    document = decoded_json(body)
    reason = error_words(document)
    if not reason and isinstance(document, Mapping):
        detail = document.get("detail") or document.get("message")
        reason = steady(detail) if isinstance(detail, str) else ""
    return f"{words}: {reason}" if reason else words


def error_words(document: Any) -> str:
    """Kind and message of a document that says it is an error, in the forms of OpenAI's API
    (`{"error": {...}}`), of those who shorten it (`{"error": "..."}`) and of vLLM
    (`{"object": "error", ...}`).  Empty for any other document."""
    if not isinstance(document, Mapping):
        return ""
    error = document.get("error")
    if not error:
        if document.get("object") != "error":
            return ""
        error = document
    if not isinstance(error, Mapping):
        return steady(str(error))
    kind = next((error[k] for k in ("code", "type") if isinstance(error.get(k), str)), "")
    message = error.get("message")
    words = [part for part in (kind, message) if isinstance(part, str) and part]
    return steady(": ".join(words)) or "without a message"


def steady(text: str) -> str:
    """The text in one short line, without keys and ids."""
    line = _ID.sub("…", " ".join(without_keys(text).split()))
    return line if len(line) <= LONGEST_REASON else line[: LONGEST_REASON - 1] + "…"


def decoded_json(body: bytes) -> Any:
    """The document of a JSON body; None when it is not JSON."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
