"""Server-sent events, parsed as they arrive.

Follows the WHATWG HTML standard, section 9.2 "Server-sent events": lines end with CR, LF or CRLF,
a line that begins with a colon is a comment, `data` lines of one event are joined by newlines, and
an event counts once the blank line after it has come.
"""

from __future__ import annotations

import msgspec

from loadtui.whole_numbers import whole_number

LONGEST_RETRY_MS = 60_000
"""A server that asks for a longer wait gets this one."""
LONGEST_EVENT_BYTES = 64 << 20
"""Of an event, or of a line, as it is sent."""
_BOM = b"\xef\xbb\xbf"
_LF, _CR = b"\n"[0], b"\r"[0]


class EventTooLong(ValueError):
    """An event that is longer than LONGEST_EVENT_BYTES, or that never ends."""

    def __init__(self) -> None:
        super().__init__(
            f"an event of the stream is longer than {LONGEST_EVENT_BYTES >> 20} MB, the most that"
            " is read of one: look at what the service sends"
        )


class ServerSentEvent(msgspec.Struct, frozen=True, gc=False):
    """One event; `data` as the bytes that came, since most of it is JSON."""

    data: bytes
    kind: str = "message"
    """The `event` field."""
    id: str = ""
    """The last `id` field so far, of this event or of one before it."""


class EventParser:
    """Takes a body in pieces of any size and gives out the events that they complete.

    What the last blank line leaves behind is never given out, as the standard has it: nobody knows
    whether it is whole.  `pending` tells that there is such a rest, so that a reader can call the
    stream cut off.
    """

    __slots__ = (
        "_after_cr", "_begun", "_data", "_held", "_kind", "_rest", "last_id", "retry_ms",
    )  # fmt: skip

    def __init__(self) -> None:
        self._rest: list[bytes] = []
        """Of a line that has not ended; a list, so that a long one in small pieces stays cheap."""
        self._after_cr = False
        """A line feed that comes next belongs to the line that has ended."""
        self._begun = False
        self._data: list[bytes] = []
        self._held = 0
        """Bytes of the pieces over which an event has been pending."""
        self._kind = ""
        self.last_id = ""
        self.retry_ms: int | None = None
        """How long to wait before connecting anew, as the server asks; None: it did not say."""

    @property
    def pending(self) -> bool:
        """True while an event has begun whose blank line has not come."""
        return bool(self._data or self._rest or self._kind)

    def feed(self, piece: bytes) -> list[ServerSentEvent]:
        """The events completed by the next piece of the body.  Raises EventTooLong."""
        events: list[ServerSentEvent] = []
        for line in self._lines(piece):
            if line[:6] == b"data: ":
                self._data.append(line[6:])
            elif line:
                self._field(line)
            else:
                if self._data:
                    data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
                    events.append(ServerSentEvent(data, self._kind or "message", self.last_id))
                    self._data.clear()
                self._kind = ""
        if events or not self.pending:
            self._held = 0
        else:
            self._held += len(piece)
            if self._held > LONGEST_EVENT_BYTES:
                raise EventTooLong
        return events

    def _lines(self, piece: bytes) -> list[bytes]:
        """The lines that the piece completes, without their ends."""
        if self._after_cr and piece:
            self._after_cr = False
            if piece[0] == _LF:
                piece = piece[1:]
        if not piece:
            return []
        lines = piece.splitlines()  # of bytes: at CR, LF and CRLF, nowhere else
        last = piece[-1]
        tail = b""
        if last == _CR:
            self._after_cr = True
        elif last != _LF:
            tail = lines.pop()
        if lines:
            if self._rest:
                lines[0] = b"".join(self._rest) + lines[0]
                self._rest.clear()
            if not self._begun:
                self._begun = True
                lines[0] = lines[0].removeprefix(_BOM)
        if tail:
            self._rest.append(tail)
        return lines

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
        elif name == b"event":
            self._kind = value.decode(errors="replace")
        elif name == b"id" and b"\0" not in value:
            self.last_id = value.decode(errors="replace")
        elif name == b"retry" and (wait_ms := whole_number(value)) is not None:
            self.retry_ms = min(wait_ms, LONGEST_RETRY_MS)
