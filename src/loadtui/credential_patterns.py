"""Credentials that texts show by their form, whatever they are: headers that carry them, users of
URLs, and parameters of queries that are named so."""

from __future__ import annotations

import re

HIDDEN = "***"
"""Stands for a secret."""
_USER = re.compile(r"(?<=://)[^/?#@\s]+(?=@)")
_HEADER = r"(?i:(?:proxy-)?authorization|(?:set-)?cookie|x-api-key|x-auth-token)"
_QUOTE = r"\\?[\"']"
_QUOTED = re.compile(
    rf"(\b{_HEADER}{_QUOTE}?\s{{,4}}[:,=]\s{{,4}}b?)"
    rf"(?:({_QUOTE})(?:.{{,8000}}?)(?:(?=\2)|\Z)|\[[^\]]{{,8000}}\])",
    re.DOTALL,
)
"""`'Cookie': 'a=b'`, `("Set-Cookie", "a=b; Path=/")`, `"authorization": ["Bearer x"]`."""
_CREDENTIALS = r"(?=[^\s\"']{,500}(?:[\d+=/_~]|[a-z][A-Z]))[^\s\"',;<>)\]}]{8,}"
"""A word of eight characters or more that is none of a language."""
_BARE = re.compile(
    rf"(\b(?i:(?:proxy-)?authorization|x-api-key|x-auth-token){_QUOTE}?\s{{,4}}[:=]\s{{,4}})"
    rf"(?:(?i:digest)\s[^\r\n]+|(?:[A-Za-z][\w-]{{,30}}\s{{1,4}})?{_CREDENTIALS})"
)
"""`Authorization: Bearer x`."""
_SCHEME = re.compile(rf"(\b(?i:bearer|basic)\s{{1,4}}){_CREDENTIALS}")
_PAIR = r"[\w!#$%&*+.^`|~-]{1,200}=[^;\s\"']{,8000}"
_COOKIES = re.compile(
    rf"(\b(?i:(?:set-)?cookie){_QUOTE}?\s{{,4}}[:=]\s{{,4}})"
    rf"{_PAIR}(?:;\s?(?:{_PAIR}|[\w-]{{1,200}}))*"
)
"""`Cookie: a=b; c=d`."""
_PARAMETER = re.compile(
    r"([?&](?i:(?!page|next|continuation|sync|cursor)[\w.-]{,40}?(?:api[_-]?key|token(?!s)|secret|passw(?:or)?d|pwd|signature)"
    r"[\w.-]{,40})=)[^&\s#\"'<>]+"
)
_TRACES = ("authorization", "cookie", "x-a", "bearer", "basic")


def without_users(text: str) -> str:
    """`http://***@host` for `http://user:password@host`."""
    return _USER.sub(HIDDEN, text) if "@" in text and "://" in text else text


def without_url_credentials(text: str) -> str:
    """`/items?api_key=***` for `/items?api_key=value`, and as `without_users`."""
    text = without_users(text)
    return _PARAMETER.sub(rf"\1{HIDDEN}", text) if "=" in text else text


def without_credentials(text: str) -> str:
    """The text with what stands for credentials in it replaced; names of headers stay."""
    text = without_url_credentials(text)
    lowered = text.lower()
    if not any(trace in lowered for trace in _TRACES):
        return text
    text = _QUOTED.sub(lambda found: f"{found[1]}{found[2] or ''}{HIDDEN}", text)
    for pattern in (_BARE, _SCHEME, _COOKIES):
        text = pattern.sub(rf"\1{HIDDEN}", text)
    return text
