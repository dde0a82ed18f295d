"""Base URLs as they are shown: without the user and password that may stand in them."""

from __future__ import annotations

from loadtui.credential_patterns import without_users


def shown_url(url: str) -> str:
    """`http://***@host` for `http://user:password@host`."""
    return without_users(url)
