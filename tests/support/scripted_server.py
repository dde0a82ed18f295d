"""An HTTP server, in a process of its own, that misbehaves as told: a script decides for each
request which bytes it gets, in which pieces, and what becomes of the connection.

It notes every request with all its bytes, and on which connection it came.  Ends when its standard
input closes.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

LIMIT = 64 * 1024 * 1024
SETTLE_S = 0.001
"""How long the server takes to be sure that it is done: its event loop has gone round by then."""


@dataclass
class Answer:
    """What the server does with one request."""

    pieces: list[bytes] = field(default_factory=list)
    """Sent one after the other."""
    pause_s: float = 0.0
    """Before the first piece and between them."""
    end: str = "keep"
    """Of the connection: keep, close, reset, hang; or close-next, reset-next, which wait for the
    next request and then end it without an answer."""
    early: bool = False
    """Answer before the body of the request is read."""


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
JSON = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}'


def redirect(to: str, code: int = 302) -> list[Answer]:
    """Answers that lead to another place."""
    head = f"HTTP/1.1 {code} Elsewhere\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"
    return [Answer([head.encode()])]


class Seen(NamedTuple):
    """One request as it came."""

    connection: int
    data: bytes


class ScriptedServer:
    """The server as a test has it; with the files of a certificate and its key it speaks TLS."""

    def __init__(self, *certificate: Path) -> None:
        self._certificate = certificate

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, __file__, *self._certificate],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        ports = json.loads(self._process.stdout.readline())
        self.port: int = ports["main"]
        self.other: int = ports["other"]
        """A second port where the same script is played."""
        self.v6: int | None = ports["v6"]
        """A port of [::1]; None where there is no such address."""
        self._control = socket.create_connection(("127.0.0.1", ports["control"]))
        self._lines = self._control.makefile("rb")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.close()
        self._control.close()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(5)
        self._process.stdout.close()

    @property
    def url(self) -> str:
        return f"http{'s' if self._certificate else ''}://127.0.0.1:{self.port}"

    def play(self, script: dict[str, list[Answer]]) -> None:
        """From now on each target gets its answers in turn, the last of them for ever.

        A target that is not in the script is answered with 200 and its own name.
        """
        told = {
            target: [
                asdict(answer) | {"pieces": [piece.decode("latin-1") for piece in answer.pieces]}
                for answer in answers
            ]
            for target, answers in script.items()
        }
        self._ask({"play": told})

    def seen(self) -> list[Seen]:
        """The requests since the script began, in the order in which they came."""
        return [Seen(number, data.encode("latin-1")) for number, data in self._ask({})]

    def settle(self) -> None:
        """Return once the server has done to its connections what it does after an answer."""
        self._ask({"settle": SETTLE_S})

    def _ask(self, question: dict[str, Any]) -> Any:
        self._control.sendall(json.dumps(question).encode() + b"\n")
        return json.loads(self._lines.readline())


class _Stage:
    """Where the script is played."""

    def __init__(self) -> None:
        self._script: dict[str, list[Answer]] = {}
        self._turns: dict[str, int] = {}
        self._seen: list[tuple[int, bytes]] = []
        self._connections = 0
        self._reading = 0

    async def control(self, question: dict[str, Any]) -> Any:
        if "settle" in question:
            await asyncio.sleep(question["settle"])
            return None
        if "play" not in question:
            for _ in range(100):  # an early answer is there before its request is read
                if not self._reading:
                    break
                await asyncio.sleep(0.005)
            return [(number, data.decode("latin-1")) for number, data in self._seen]
        self._script = {
            target: [
                Answer(**(told | {"pieces": [p.encode("latin-1") for p in told["pieces"]]}))
                for told in answers
            ]
            for target, answers in question["play"].items()
        }
        self._turns = {}
        self._seen = []
        self._connections = 0
        return None

    def _answer(self, target: str) -> Answer:
        answers = self._script.get(target)
        if answers is None:
            body = target.encode("latin-1")
            return Answer([b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)])
        turn = self._turns.get(target, 0)
        self._turns[target] = turn + 1
        return answers[min(turn, len(answers) - 1)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = self._connections
        self._connections += 1
        doom = ""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                place = len(self._seen)
                self._seen.append((number, head))
                if doom:
                    # Not before all of it: a client that sends head and body apart would meet the
                    # end at one or the other.
                    self._seen[place] = (number, head + await _body(reader, head))
                    self._end(writer, doom)
                    return
                target = head.split(b" ", 2)[1].decode("latin-1")
                answer = self._answer(target.partition("?")[0])
                self._reading += 1
                try:
                    if answer.early:
                        await self._send(writer, answer)
                    body = await _body(reader, head)
                finally:
                    self._reading -= 1
                self._seen[place] = (number, head + body)
                if not answer.early:
                    await self._send(writer, answer)
                if answer.end == "hang":
                    await reader.read()
                if answer.end.endswith("-next"):
                    doom = answer.end.removesuffix("-next")
                elif answer.end != "keep":
                    self._end(writer, answer.end)
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client left, or the test is over
        finally:
            writer.close()

    @staticmethod
    async def _send(writer: asyncio.StreamWriter, answer: Answer) -> None:
        for piece in answer.pieces:
            if answer.pause_s:
                await asyncio.sleep(answer.pause_s)
            writer.write(piece)
            await writer.drain()
        if answer.early and answer.end in ("close", "reset"):
            _Stage._end(writer, answer.end)
            raise ConnectionResetError

    @staticmethod
    def _end(writer: asyncio.StreamWriter, how: str) -> None:
        if how == "reset":
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        else:
            writer.close()


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    fields = {}
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        fields[name.strip().lower()] = value.strip()
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        data = b""
        while not data.endswith(b"\r\n0\r\n\r\n") and data != b"0\r\n\r\n":
            data += await reader.readuntil(b"\r\n")
        return data
    return await reader.readexactly(int(fields.get(b"content-length", b"0")))


async def _serve() -> None:
    stage = _Stage()
    tls = None
    if len(sys.argv) > 1:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(*sys.argv[1:])

    async def control(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(json.dumps(await stage.control(json.loads(line))).encode() + b"\n")
            await writer.drain()
        writer.close()

    def port(server: asyncio.Server) -> int:
        return int(server.sockets[0].getsockname()[1])

    servers = [
        await asyncio.start_server(stage.serve, "127.0.0.1", 0, limit=LIMIT, backlog=256, ssl=tls),
        await asyncio.start_server(stage.serve, "127.0.0.1", 0, limit=LIMIT),
        await asyncio.start_server(control, "127.0.0.1", 0, limit=LIMIT),
    ]
    ports: dict[str, int | None] = dict(
        zip(("main", "other", "control"), map(port, servers), strict=True)
    )
    try:
        v6 = await asyncio.start_server(stage.serve, "::1", 0, limit=LIMIT)
        servers.append(v6)
        ports["v6"] = port(v6)
    except OSError:
        ports["v6"] = None
    print(json.dumps(ports), flush=True)
    loop = asyncio.get_running_loop()
    lifeline = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lifeline), sys.stdin)
    await lifeline.read()


if __name__ == "__main__":
    asyncio.run(_serve())
