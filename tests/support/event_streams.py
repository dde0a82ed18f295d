"""Answers of chat services for `scripted_server`: streams in chunks as a test wants them."""

from __future__ import annotations

import json
from typing import Any

from tests.support.scripted_server import Answer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"
DONE = b"data: [DONE]\n\n"


def chunk(**parts: Any) -> bytes:
    """One event with a document of these parts."""
    return b"data: " + json.dumps(parts).encode() + b"\n\n"


def token(content: str | None = None, finish_reason: str | None = None, **delta: Any) -> bytes:
    """One event of a chat completion."""
    if content is not None:
        delta["content"] = content
    return chunk(choices=[{"index": 0, "delta": delta, "finish_reason": finish_reason}])


def tokens(*contents: str) -> list[bytes]:
    """Whose turn it is, then one event each, then why it ended."""
    return [token("", role="assistant"), *map(token, contents), token(finish_reason="stop")]


def usage(completion_tokens: int) -> bytes:
    return chunk(choices=[], usage={"prompt_tokens": 9, "completion_tokens": completion_tokens})


def stream(*pieces: bytes, end: str = "keep", pause_s: float = 0.0, whole: bool = True) -> Answer:
    """A streamed answer, each piece a chunk of its own; `whole` ends it as HTTP wants it."""
    written = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces]
    return Answer([HEAD, *written, *([END] if whole else [])], pause_s, end)


def document(body: Any, status: str = "200 OK", *headers: str) -> Answer:
    """An answer with a JSON document, or with the bytes of something else."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", *headers]
    lines.append(f"Content-Length: {len(raw)}\r\n\r\n")
    return Answer(["\r\n".join(lines).encode() + raw])
