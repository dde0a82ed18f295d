"""What became of one MCP request."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from loadtui.users.jsonrpc import RpcDocument


class McpFailure(Exception):
    """Something that is not as the protocol has it; the text is the reason of the failure."""


@dataclass(slots=True)
class McpOutcome:
    """An answer, or why there is none."""

    start_time: float = field(default_factory=time.time)
    """Epoch seconds."""
    took_ms: float = 0.0
    """From sending the request to the arrival of the answer's last byte; what a server sends after
    its answer is not in it."""
    length: int = 0
    """Bytes of the body until then, notifications and requests of the server included."""
    result: RpcDocument | None = None
    failure: str | BaseException | None = None
    """None: there is a result."""
    status: int = 0
    """Of the HTTP response; 0: there was none."""
    refused: bool = False
    """The server answered with a JSON-RPC error."""
    expired: bool = False
    """The server does not know the session any more."""
    retry_after_s: float | None = None
    """How long the server wants to be left alone."""
    response: Any = None
    """The session's response object, its body read."""
