"""Credentials that texts show by their form, whatever they are: headers that carry them, users of
URLs, and parameters of queries that are named so."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

HIDDEN = "***"
"""Stands for a secret."""
_INSTEAD = rf"\1{HIDDEN}"
_USER = re.compile(r"(?<=://)[^/?#@\s]+(?=@)")
_TRACES = ("authorization", "cookie", "x-a", "bearer", "basic")
_LONGEST = "{,20000}"
_QUOTE = r"\\?[\"']"
_SEPARATOR = rf"{_QUOTE}?\s{{,4}}[:=]\s{{,4}}"
_CREDENTIALS = r"(?=[^\s\"']{,500}(?:[\d+=/_~]|[a-z][A-Z]))[^\s\"',;<>)\]}]{8,}"
"""A word of eight characters or more that is none of a language."""
_PAIR = rf"[\w!#$%&*+.^`|~-]{{1,200}}=[^;\s\"']{_LONGEST}"


class _Patterns(NamedTuple):
    """Each has in its first group what stays."""

    quoted: re.Pattern[str]
    """`'Cookie': 'a=b'`, `("Set-Cookie", "a=b; Path=/")`, `"authorization": ["Bearer x"]`; the
    second group is the quote."""
    bare: re.Pattern[str]
    """`Authorization: Bearer x`."""
    scheme: re.Pattern[str]
    """`Bearer x`."""
    cookies: re.Pattern[str]
    """`Cookie: a=b; c=d`."""


@functools.cache  # most commands need none of them, and making them takes milliseconds
def _patterns() -> _Patterns:
    header = r"\b(?i:(?:proxy-)?authorization|(?:set-)?cookie|x-api-key|x-auth-token)"
    return _Patterns(
        re.compile(
            rf"({header}{_QUOTE}?\s{{,4}}[:,=]\s{{,4}}b?)"
            rf"(?:({_QUOTE})(?:.{_LONGEST}?)(?:(?=\2)|\Z)|\[[^\]]{{,2000}}\])",
            re.DOTALL,
        ),
        re.compile(
            rf"(\b(?i:(?:proxy-)?authorization|x-api-key|x-auth-token){_SEPARATOR})"
            rf"(?:(?i:digest)\s[^\r\n]+|(?:[A-Za-z][\w-]{{,30}}\s{{1,4}})?{_CREDENTIALS})"
        ),
        re.compile(rf"(\b(?i:bearer|basic)\s{{1,4}}){_CREDENTIALS}"),
        re.compile(
            rf"(\b(?i:(?:set-)?cookie){_SEPARATOR}){_PAIR}(?:;\s?(?:{_PAIR}|[\w-]{{1,200}}))*"
        ),
    )


@functools.cache
def _parameter() -> re.Pattern[str]:
    """`?api_key=value`; but the tokens of pages are no secrets."""
    no_secret = "page|next|continuation|sync|cursor"
    secret = r"api[_-]?key|token(?!s)|secret|passw(?:or)?d|pwd|signature"
    name = rf"(?!{no_secret})[\w.-]{{,40}}?(?:{secret})[\w.-]{{,40}}"
    return re.compile(rf"([?&](?i:{name})=)[^&\s#\"'<>]+")


def without_users(text: str) -> str:
    """`http://***@host` for `http://user:password@host`."""
    return _USER.sub(HIDDEN, text) if "@" in text and "://" in text else text


def without_url_credentials(text: str) -> str:
    """`/items?api_key=***` for `/items?api_key=value`, and as `without_users`."""
    text = without_users(text)
    if "=" not in text or not ("?" in text or "&" in text):
        return text
    return _parameter().sub(_INSTEAD, text)


def without_credentials(text: str) -> str:
    """The text with what stands for credentials in it replaced; names of headers stay."""
    text = without_url_credentials(text)
    lowered = text.lower()
    if not any(trace in lowered for trace in _TRACES):
        return text
    quoted, *others = _patterns()
    text = quoted.sub(lambda found: f"{found[1]}{found[2] or ''}{HIDDEN}", text)
    for pattern in others:
        text = pattern.sub(_INSTEAD, text)
    return text
