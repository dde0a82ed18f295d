"""A chat service, in a process of its own, that sends tokens at the times it is asked for and logs
when it really did.

The request's `at` lists seconds from its arrival to each token; [DONE] follows the last one.
`GET /log` answers with all times of all streams since it was last asked, by the clock of
`time.monotonic`, which is the same in every process of a machine.  Ends when its standard input
closes.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.request
from typing import NamedTuple

from tests.support.server_process import ServerProcess

CHUNK = b'data: {"choices": [{"index": 0, "delta": {"content": "word "}}]}\n\n'
DONE = b"data: [DONE]\n\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


class Streamed(NamedTuple):
    """One stream, in seconds of the monotonic clock."""

    came: float
    at: list[float]
    """When each token was due, since then."""
    sent: list[float]
    """When each token was sent."""
    done: float


class TokenServer(ServerProcess):
    """The server as a test has it."""

    def __init__(self) -> None:
        super().__init__(__file__)

    def log(self) -> list[Streamed]:
        """The streams since the last call, in the order in which they ended."""
        with urllib.request.urlopen(f"{self.url}/log") as answer:
            return [Streamed(*row) for row in json.load(answer)]


_log: list[Streamed] = []


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            came = time.monotonic()
            if head.startswith(b"GET /log"):
                body = json.dumps(_log).encode()
                _log.clear()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
                continue
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            at = json.loads(await reader.readexactly(length))["at"]
            writer.write(HEAD)
            sent = []
            for moment in at:
                await asyncio.sleep(came + moment - time.monotonic())
                sent.append(time.monotonic())
                writer.write(b"%x\r\n%b\r\n" % (len(CHUNK), CHUNK))
            done = time.monotonic()
            writer.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(DONE), DONE))
            _log.append(Streamed(came, at, sent, done))
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        pass  # the client left, or the test is over
    finally:
        writer.close()


async def _main() -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    lifeline = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lifeline), sys.stdin
    )
    await lifeline.read()


if __name__ == "__main__":
    asyncio.run(_main())
