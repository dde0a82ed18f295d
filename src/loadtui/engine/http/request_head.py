"""What requests that are alike have in common on the wire.

A head differs from request to request only in its target and Content-Length, so the rest is built
once, by the stock client's own code, for each combination of method, host, headers and kind of
body.
"""

from __future__ import annotations

import re

PROBE_TARGET = "/?loadtui-target"
"""The target that the stock client is asked for when a head is built."""
MAX_CACHED_HEADS = 1024
"""What a cache holds; then all is forgotten, as some locustfiles make every header anew."""
_PROBE = PROBE_TARGET.encode()
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


class RequestHead:
    """A head without its target, split where the length of the body goes."""

    __slots__ = ("after", "before", "rest")

    def __init__(self, before: bytes, after: bytes, rest: bytes) -> None:
        self.before = before
        """Up to the target."""
        self.after = after
        """From the target to the Content-Length's value, or to the end without a body."""
        self.rest = rest
        """What follows that value; empty without a body."""

    def request(self, target: str, body: bytes) -> bytes:
        """The whole request; `target` is as it goes over the wire."""
        if self.rest:
            return b"%b%b%b%d%b%b" % (
                self.before,
                target.encode("ascii"),
                self.after,
                len(body),
                self.rest,
                body,
            )
        return b"%b%b%b" % (self.before, target.encode("ascii"), self.after)


def split_head(head: bytes, body_length: int) -> tuple[bytes, bytes, bytes] | None:
    """A head for PROBE_TARGET and a body of this length as RequestHead wants it.

    None when it is not clear where the target or the length goes.
    """
    before, probe, after = head.partition(_PROBE)
    if not probe or _PROBE in after:
        return None
    if not body_length:
        return before, after, b""
    lengths = list(_LENGTH.finditer(after))
    if len(lengths) != 1 or int(lengths[0][1]) != body_length:
        return None
    return before, after[: lengths[0].start(1)], after[lengths[0].end(1) :]
