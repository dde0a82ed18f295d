"""Who may visit a page that is for one person: whoever has the address that the command printed."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

BYTES = 24
"""Of each secret: more than can be guessed."""


class VisitToken:
    """A secret in the printed address, and another in the cookie that the first visit leaves."""

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(BYTES)
        self.cookie = secrets.token_urlsafe(BYTES)
        self.cookie_name = f"loadtui-{port}"
        """Cookies do not tell ports apart."""

    @property
    def query(self) -> str:
        """What the address ends with."""
        return urlencode({"token": self.token})

    def admits(self, token: str) -> bool:
        """Whether a visit came by the printed address."""
        return secrets.compare_digest(_bytes(token), self.token.encode())

    def knows(self, cookie: str | None) -> bool:
        """Whether a browser was here before."""
        return cookie is not None and secrets.compare_digest(_bytes(cookie), self.cookie.encode())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
