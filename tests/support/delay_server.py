"""A real HTTP server, in a process of its own, that answers when it is told to: `/delay/0.5` after
half a second, every other path at once.  Ends when its standard input closes."""

from __future__ import annotations

import asyncio
import sys

from tests.support.server_process import ServerProcess

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"


class DelayServer(ServerProcess):
    """The server as a test has it."""

    def __init__(self) -> None:
        super().__init__(__file__)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            if path.startswith("/delay/"):
                await asyncio.sleep(float(path.rpartition("/")[2]))
            writer.write(ANSWER)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        pass  # the client left, or the test is over
    finally:
        writer.close()


async def _serve() -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    lifeline = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lifeline), sys.stdin)
    await lifeline.read()


if __name__ == "__main__":
    asyncio.run(_serve())
