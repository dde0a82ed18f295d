"""The process behind servers.TimedServer: HTTP/1.1 by hand, so that nothing adds to the delays.

Ends when stdin closes.  `GET /__durations` answers with the logged seconds as native doubles.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
import re
import sys
import time
from array import array

LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)


class Connection(asyncio.Protocol):
    def __init__(self, draw: random.Random, median: float, sigma: float, log: array[float]) -> None:
        self._draw = draw
        self._mu = math.log(median)
        self._sigma = sigma
        self._log = log
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (head_end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:head_end]
            found = LENGTH.search(head)
            whole = head_end + 4 + (int(found[1]) if found else 0)
            if len(self._buffer) < whole:
                return
            self._buffer = self._buffer[whole:]
            self._request(head.split(b" ", 2)[1])

    def _request(self, path: bytes) -> None:
        read_at = time.perf_counter()
        if path == b"/__durations":
            self._write(self._log.tobytes())
            return
        delay = self._draw.lognormvariate(self._mu, self._sigma)
        asyncio.get_running_loop().call_later(delay, self._answer, read_at)

    def _answer(self, read_at: float) -> None:
        if self._transport is None:
            return  # the client left: there is no answer whose time could be compared
        # Before the write: a client on another core can have the answer before write() returns.
        self._log.append(time.perf_counter() - read_at)
        self._write(b"ok\n")

    def _write(self, body: bytes) -> None:
        assert self._transport is not None
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


async def serve(seed: int, median: float, sigma: float) -> None:
    loop = asyncio.get_running_loop()
    draw = random.Random(seed)
    log: array[float] = array("d")
    server = await loop.create_server(
        lambda: Connection(draw, median, sigma, log), "127.0.0.1", 0, backlog=1024
    )
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    lifeline = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lifeline), sys.stdin)
    await lifeline.read()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--median", type=float, required=True, help="seconds")
    parser.add_argument("--sigma", type=float, required=True)
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.seed, chosen.median, chosen.sigma))


if __name__ == "__main__":
    main()
