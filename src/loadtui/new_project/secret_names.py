"""Which values of a request must not be in a file, by their names, and what stands for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from loadtui.new_project.service_request import FromEnvironment, HeaderValue

TOKEN = "API_TOKEN"
USER_AND_PASSWORD = ("API_USER", "API_PASSWORD")
_SECRET = re.compile(
    r"(?:api|access|auth|private|secret|session|subscription)[_-]?key|token(?!s)|secret|passw|pwd"
    r"|signature|session_?id|csrf|xsrf|credential|authorization|api[_-]?auth|^x-auth",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(r"page|next|continuation|sync|cursor|max_|_type|type$|count", re.IGNORECASE)
_LEFT_OUT = frozenset(
    """
    :authority :method :path :scheme accept-encoding accept-language cache-control connection
    content-length dnt host if-modified-since if-none-match keep-alive origin pragma priority
    referer te transfer-encoding upgrade upgrade-insecure-requests
    """.split()  # noqa: SIM905
)
"""Headers that the client sends by itself, or that say how a browser came by the request."""
_DEEPEST = 40


def is_secret_name(name: str) -> bool:
    return bool(_SECRET.search(name)) and not _NO_SECRET.search(name)


def variable_name(name: str) -> str:
    """`API_KEY` for `X-API-Key`: what the environment variable of a value is called."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    words = re.sub(r"[^A-Za-z0-9]+", "_", spaced).strip("_").upper().removeprefix("X_")
    return words if words[:1].isalpha() else f"VALUE_{words}".rstrip("_")


def without_secrets(value: Any, depth: int = 0) -> Any:
    """JSON whose strings under names of secrets are read from the environment."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {
            key: FromEnvironment(variable_name(key))
            if isinstance(one, str) and one and is_secret_name(key)
            else without_secrets(one, depth + 1)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(one, depth + 1) for one in value]
    return value


def fields_without_secrets(fields: Mapping[str, str]) -> dict[str, HeaderValue]:
    return {
        name: FromEnvironment(variable_name(name)) if value and is_secret_name(name) else value
        for name, value in fields.items()
    }


def sent_headers(
    headers: Iterable[tuple[str, str]],
) -> tuple[dict[str, HeaderValue], tuple[str, str] | None]:
    """The headers that matter, credentials read from the environment, and the variables of a user
    and password that they hold.  What a browser adds by itself is left out."""
    sent: dict[str, HeaderValue] = {}
    user: tuple[str, str] | None = None
    for name, value in headers:
        low = name.strip().lower()
        if low in _LEFT_OUT or low.startswith("sec-") or (low, value) == ("accept", "*/*"):
            continue
        if low == "user-agent" and value.startswith("Mozilla/"):
            continue
        if low in ("authorization", "proxy-authorization"):
            scheme, _, rest = value.strip().partition(" ")
            if scheme.lower() == "basic":
                user = USER_AND_PASSWORD
            elif rest:
                sent[name] = FromEnvironment(TOKEN, f"{scheme} ")
            else:
                sent[name] = FromEnvironment("AUTHORIZATION")
        elif low == "cookie":
            sent[name] = FromEnvironment("COOKIE")
        elif is_secret_name(low):
            sent[name] = FromEnvironment(variable_name(name))
        else:
            sent[name] = value
    return sent, user


def body_of_text(text: str, content_type: str) -> tuple[Any, str | None]:
    """Of a body as it was sent its JSON, and else the text: one of both is None."""
    if "json" in content_type or (not content_type and text.lstrip()[:1] in ("{", "[")):
        try:
            return without_secrets(json.loads(text, parse_constant=_refused)), None
        except (ValueError, RecursionError):
            pass
    return None, text


def _refused(text: str) -> Any:
    raise ValueError(text)
