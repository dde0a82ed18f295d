"""A server, in a process of its own, whose answers have no end: each target is the name of one of
ENDLESS, of which it sends the same bytes again and again until the client hangs up.

It gives up itself after LAST_BYTE.  Ends when its standard input closes.
"""

from __future__ import annotations

import contextlib
import socketserver
import sys
import threading
from typing import NamedTuple

from tests.support.server_process import ServerProcess

LAST_BYTE = 8 << 30
BLOCK_BYTES = 1 << 18
_OK = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_EVENTS = _OK + b"Content-Type: text/event-stream\r\n\r\n"


class EndlessAnswer(NamedTuple):
    """What comes once, and what comes then for ever."""

    begin: bytes
    repeated: bytes


ENDLESS = {
    "header-line": EndlessAnswer(_OK + b"X: ", b"x"),
    "header-lines": EndlessAnswer(_OK, b"X: " + b"y" * 40 + b"\r\n"),
    "reason": EndlessAnswer(b"HTTP/1.1 200 ", b"x"),
    "interim": EndlessAnswer(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "interim-100": EndlessAnswer(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": EndlessAnswer(_OK + b"\r\n", b"x"),
    "chunks": EndlessAnswer(_CHUNKED, b"14\r\n" + b"x" * 20 + b"\r\n"),
    "extension": EndlessAnswer(_CHUNKED + b"5;", b"x"),
    "extensions": EndlessAnswer(_CHUNKED, b"1;" + b"x" * 4000 + b"\r\ny\r\n"),
    "trailers": EndlessAnswer(_CHUNKED + b"2\r\nok\r\n0\r\n", b"X: " + b"y" * 40 + b"\r\n"),
    "trailer-line": EndlessAnswer(_CHUNKED + b"2\r\nok\r\n0\r\nX: ", b"y"),
    "event-line": EndlessAnswer(_EVENTS + b"data: ", b"x"),
    "event": EndlessAnswer(_EVENTS, b"data: x\n"),
    "after-done": EndlessAnswer(_EVENTS + b"data: [DONE]\n\n", b": comment\n"),
    "json": EndlessAnswer(_OK + b'Content-Type: application/json\r\n\r\n"', b"x"),
    "tokens": EndlessAnswer(
        _EVENTS, b'data: {"choices":[{"index":0,"delta":{"content":"word "}}]}\n\n'
    ),
    "redirect": EndlessAnswer(
        b"HTTP/1.1 302 Found\r\nLocation: /redirect\r\nContent-Length: 0\r\n\r\n", b""
    ),
    "redirect-body": EndlessAnswer(b"HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n", b"x"),
    "next": EndlessAnswer(_OK + b"Content-Length: 2\r\n\r\nok", b""),
}
"""Each without its slash."""


class EndlessServer(ServerProcess):
    """The server as a test has it."""

    def __init__(self) -> None:
        super().__init__(__file__)


class _Visit(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while line := self.rfile.readline():
                self._answer(line.split()[1].decode()[1:])

    def _answer(self, name: str) -> None:
        length = 0
        # an answer instead of a 100 begins before there is a body
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
            elif line.lower().startswith(b"expect:"):
                length = 0
                break
        answer = ENDLESS[name]
        self.rfile.read(length)
        self.connection.sendall(answer.begin)
        block = answer.repeated * (BLOCK_BYTES // max(len(answer.repeated), 1))
        for _ in range(LAST_BYTE // BLOCK_BYTES if block else 0):
            self.connection.sendall(block)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


def _serve() -> None:
    with _Server(("127.0.0.1", 0), _Visit) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    _serve()
