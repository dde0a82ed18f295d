"""A response that has arrived whole, and whether http.client would see the same in its bytes."""

from __future__ import annotations

from typing import Any

from loadtui.engine.http.message import ResponseMessage
from loadtui.engine.http.stock_fallback import StockFallback

MAX_HEADER_LINES = 90
MAX_HEADER_LINE_BYTES = 60_000
"""http.client takes 99 header lines of 65536 bytes; a message close to that is its own affair."""
BODILESS_STATUSES = frozenset([204, 304])

_SINGLE = frozenset(
    [
        b"connection",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"location",
        b"transfer-encoding",
    ]
)
"""Headers that decide about something; a message that has one of them twice is unusual."""


class ReceivedResponse:
    """A response with the bytes it came in."""

    __slots__ = ("fields", "first_bytes_at", "message", "pieces")

    def __init__(
        self,
        message: ResponseMessage,
        fields: dict[bytes, bytes],
        pieces: list[bytes],
        first_bytes_at: float,
    ) -> None:
        self.message = message
        self.fields = fields
        """Header values by name in small letters, the last one of each name."""
        self.pieces = pieces
        self.first_bytes_at = first_bytes_at
        """On the clock of time.perf_counter, in seconds."""

    def as_fallback(self, connection: Any) -> StockFallback:
        """For urllib3 to read it all once more."""
        return StockFallback(connection, self.pieces)


def is_ordinary_message(
    message: ResponseMessage, fields: dict[bytes, bytes], pieces: list[bytes], size: int
) -> bool:
    """Whether http.client would see the same message as llhttp did; `size` is that of all pieces,
    in bytes."""
    lines = message.lines
    if not pieces[0].startswith(b"HTTP/1.1 ") or len(lines) > MAX_HEADER_LINES:
        return False
    if len(fields) != len(lines) and _has_doubles(lines):
        return False
    coding = fields.get(b"transfer-encoding")
    if coding is not None and coding.lower() != b"chunked":
        return False
    if message.status in BODILESS_STATUSES and (message.body or coding is not None):
        return False
    return size <= MAX_HEADER_LINE_BYTES or all(
        len(name) + len(value) <= MAX_HEADER_LINE_BYTES for name, value in lines
    )


def _has_doubles(lines: list[tuple[bytes, bytes]]) -> bool:
    names = [name for name, _ in lines if name.lower() in _SINGLE]
    return len({name.lower() for name in names}) != len(names)
