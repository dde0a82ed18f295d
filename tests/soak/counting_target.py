"""A target that counts what it has read, and after so many requests falls silent, closes its
connections or is gone.  Its count stands in a file that outlives it."""

from __future__ import annotations

import asyncio
import mmap
import os
import re
import struct
import sys
from pathlib import Path
from typing import Literal

from tests.support.server_process import ServerProcess

Then = Literal["silence", "close", "die"]
ANSWERS = {
    b"/500": b"HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\nno\n",
    b"/404": b"HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nno\n",
}
WELL = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"
ID = re.compile(rb"\r\nrequest-id: *(\S+)", re.IGNORECASE)
_COUNT = struct.Struct("q")


class CountingTarget(ServerProcess):
    """The target as a test has it."""

    def __init__(self, folder: Path, *, after: int, then: Then) -> None:
        self._file = folder / "served"
        self._file.write_bytes(_COUNT.pack(0))
        super().__init__(__file__, str(self._file), str(after), then)

    def count(self) -> int:
        """Requests whose head was read.  One that a client sent anew, since its connection was
        closed, is one: it has the same Request-Id."""
        [count] = _COUNT.unpack(self._file.read_bytes())
        return int(count)

    def connections(self) -> int:
        """Whatever was sent is read at once."""
        return 0


class _Connection(asyncio.Protocol):
    count: mmap.mmap
    after: int
    then: Then
    seen: set[bytes]

    def __init__(self) -> None:
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *heads, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for head in heads:
            found = ID.search(head)
            if found is not None and found[1] in self.seen:
                self._answer(head)
                continue
            if found is not None:
                self.seen.add(found[1])
            [count] = _COUNT.unpack(self.count)
            self.count[:] = _COUNT.pack(count + 1)
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        [count] = _COUNT.unpack(self.count)
        if count <= self.after:
            self._transport.write(ANSWERS.get(head.split(b" ", 2)[1], WELL))
        elif self.then == "die":
            os._exit(0)
        elif self.then == "close":
            self._transport.close()


async def _serve(file: Path, after: int, then: Then) -> None:
    with file.open("r+b") as opened:
        _Connection.count = mmap.mmap(opened.fileno(), _COUNT.size)
    _Connection.after, _Connection.then, _Connection.seen = after, then, set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    lifeline = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lifeline), sys.stdin)
    await lifeline.read()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))  # type: ignore[arg-type]
