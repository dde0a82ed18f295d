"""The embedded target as a process: `python -m loadtui.demo.server --port 0`.

Prints one JSON line `{"port": ..., "url": ...}` on stdout when it takes requests.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import sys
import threading
from collections.abc import Sequence

import uvicorn

from loadtui.demo.gateway import gateway

KEEP_ALIVE_S = 600
"""Far longer than any think time: a server that hangs up first would look like a failing one."""


class Server(uvicorn.Server):
    """Says on stdout where it listens, once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if sockets:
            host, port = sockets[0].getsockname()[:2]
            print(json.dumps({"port": port, "url": f"http://{host}:{port}"}), flush=True)


def stop_with_stdin(server: Server) -> None:
    """Stop the server when whoever holds the other end of stdin is gone."""

    def watch() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        server.should_exit = True

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text}")
    return value


def fraction(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"expected a share between 0 and 1, got {text}")
    return value


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m loadtui.demo.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one (default)")
    parser.add_argument("--seed", type=int, default=1, help="of the service times (default 1)")
    parser.add_argument("--slow", type=positive, default=1.0, metavar="FACTOR")
    parser.add_argument("--error-rate", type=fraction, default=0.0, metavar="SHARE")
    parser.add_argument("--lifeline", action="store_true", help="exit when stdin closes")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = options(arguments)
    # With the protocol named, asyncio sets TCP_NODELAY on what it accepts; without, answers sent in
    # two writes wait 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", chosen.port))
    except OSError as problem:
        print(f"port {chosen.port}: {problem.strerror}", file=sys.stderr)
        return 2
    server = Server(
        uvicorn.Config(
            gateway(chosen.seed, slow=chosen.slow, error_rate=chosen.error_rate),
            access_log=False,
            log_level="warning",
            lifespan="off",
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=1,
        )
    )
    if chosen.lifeline:
        stop_with_stdin(server)
    asyncio.run(server.serve(sockets=[listener]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
