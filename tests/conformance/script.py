"""What the server answers to the paths that the locustfiles of this suite ask for.

Every other path is answered with 200 and itself.
"""

from __future__ import annotations

from tests.support.scripted_server import JSON, OK, Answer, redirect


def _status(code: int, reason: str, body: bytes = b"no") -> list[Answer]:
    head = b"HTTP/1.1 %d %b\r\nContent-Length: %d\r\n\r\n" % (code, reason.encode(), len(body))
    return [Answer([head + body])]


def _with_head(*lines: bytes, body: bytes = b"ok") -> list[Answer]:
    head = b"".join(b"\r\n" + line for line in (*lines, b"Content-Length: %d" % len(body)))
    return [Answer([b"HTTP/1.1 200 OK" + head + b"\r\n\r\n" + body])]


def _pieces(*pieces: bytes) -> list[Answer]:
    chunks = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces]
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    return [Answer([head, *chunks, b"0\r\n\r\n"], pause_s=0.01)]


SCRIPT: dict[str, list[Answer]] = {
    "/ok": [Answer([OK])],
    "/json": [Answer([JSON])],
    "/400": _status(400, "Bad Request"),
    "/404": _status(404, "Not Found"),
    "/500": _status(500, "Internal Server Error", b"broken"),
    "/503": _status(503, "Service Unavailable"),
    "/moved": redirect("/ok"),
    "/moved-twice": redirect("/moved", 301),
    "/moved-to-error": redirect("/500", 307),
    "/empty": [Answer([b"HTTP/1.1 204 No Content\r\n\r\n"])],
    "/login": _with_head(b"Set-Cookie: session=abc123; Path=/", b"X-Token: t-1"),
    "/sse": _pieces(b"data: one\n\n", b"data: two\n\n", b"data: [DONE]\n\n"),
    "/never": [Answer([], end="hang")],
    "/cut": [Answer([b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"], end="close")],
    "/head": [Answer([b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Size: 7\r\n\r\n"])],
}
