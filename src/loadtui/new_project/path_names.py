"""Paths with values in them: the endpoint that they are requests to."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from loadtui.errors import UsageError
from loadtui.new_project.secret_names import is_secret_name, variable_name
from loadtui.new_project.service_request import FromEnvironment

_ID = re.compile(
    r"\d+"
    r"|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
    r"|[0-9a-f]{12,}"
    r"|[0-9A-HJKMNP-TV-Z]{26}"
    r"|(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{20,}",
    re.IGNORECASE,
)
_SAFE = "/:@!$&'()*+,;=-._~%"


def endpoint_name(path: str) -> str:
    """`/users/{id}` for `/users/17?full=1`: numbers, UUIDs, hashes and long keys are values."""
    plain = path.partition("?")[0]
    return "/".join("{id}" if _ID.fullmatch(part) else part for part in plain.split("/"))


def needed_name(path: str, name: str) -> str:
    """The name, empty where the path says the same."""
    return "" if name == path else name


def clean_path(path: str) -> str:
    """A path that can be sent as it is: what has no place in a URL is percent-encoded."""
    path = path if path.startswith("/") else f"/{path}"
    plain, mark, query = path.partition("?")
    return quote(plain, safe=_SAFE) + mark + quote(query, safe=f"{_SAFE}?")


def split_query(path: str) -> tuple[str, dict[str, FromEnvironment]]:
    """The path without parameters that are secrets, and these."""
    plain, mark, query = path.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    secret = [name for name, value in pairs if value and is_secret_name(name)]
    if not mark or not secret:
        return path, {}
    left = urlencode([(name, value) for name, value in pairs if name not in secret])
    path = f"{plain}?{left}" if left else plain
    return path, {name: FromEnvironment(variable_name(name)) for name in secret}


def base_and_path(url: str, what: str) -> tuple[str, str, bool]:
    """The base URL, the path with its query, and whether it names a user.

    Raises UsageError for what is no URL of HTTP, with `what` in front.
    """
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme.lower() not in ("http", "https") or not re.fullmatch(r"[\w.:%-]+", host):
        raise UsageError(
            f"{what}: found {url.removeprefix('http://')!r}, "
            "expected a URL such as http://127.0.0.1:8000"
        )
    at = f"[{host}]" if ":" in host else host
    base = f"{parts.scheme.lower()}://{at}{'' if port is None else f':{port}'}"
    path = clean_path((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    return base, path, parts.username is not None


def host_title(base: str) -> str:
    """What a service may be called after its host; empty for an address and this machine."""
    host = urlsplit(base).hostname or ""
    if host in ("localhost", "") or ":" in host or re.fullmatch(r"[\d.]+", host):
        return ""
    return host
