"""Base URLs as they are shown: without the user and password that may stand in them."""

from __future__ import annotations

import re

HIDDEN = "***"
_USER_INFO = re.compile(r"(?<=://)[^/?#@\s]+(?=@)")


def shown_url(url: str) -> str:
    """`http://***@host` for `http://user:password@host`."""
    return _USER_INFO.sub(HIDDEN, url)
