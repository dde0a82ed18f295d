"""A service of the embedded target as a process: `python -m loadtui.demo.server gateway --port 0`.

Prints one JSON line `{"port": ..., "url": ...}` on stdout when it takes requests.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import sys
import threading
from collections.abc import Callable, Sequence

import uvicorn
from starlette.types import ASGIApp

from loadtui.demo.degradation import Degradation, Stall, parse_stall
from loadtui.errors import UsageError

KEEP_ALIVE_S = 600
"""Far longer than any think time: a server that hangs up first would look like a failing one."""
SERVICES = ("gateway", "rag", "mcp")


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


def checked_argument(convert: Callable[[str], object], says: str) -> Callable[[str], object]:
    """A type for argparse, which tells what it expected."""

    def converted(text: str) -> object:
        try:
            return convert(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"expected {says}, got {text}") from None

    return converted


def positive_argument(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError
    return value


def fraction_argument(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError
    return value


def whole_argument(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m loadtui.demo.server", description=__doc__)
    parser.add_argument("service", nargs="?", choices=SERVICES, default="gateway")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one (default)")
    parser.add_argument("--seed", type=int, default=1, help="of the service times (default 1)")
    parser.add_argument(
        "--slow",
        type=checked_argument(positive_argument, "a number above 0"),
        default=1.0,
        metavar="FACTOR",
        help="multiplies service times",
    )
    parser.add_argument(
        "--error-rate",
        type=checked_argument(fraction_argument, "a share between 0 and 1"),
        default=0.0,
        metavar="SHARE",
        help="of requests that fail",
    )
    parser.add_argument(
        "--stall",
        type=checked_argument(parse_stall, "a length and how often such as 5s/60s"),
        metavar="LENGTH/PERIOD",
        help="for LENGTH of every PERIOD nothing is answered, e.g. 5s/60s",
    )
    parser.add_argument(
        "--slots",
        type=checked_argument(whole_argument, "a whole number of at least 1"),
        help="completions that the gateway serves at a time",
    )
    parser.add_argument(
        "--pin", action="store_true", help="keep to the first core, off those of pinned workers"
    )
    parser.add_argument("--lifeline", action="store_true", help="exit when stdin closes")
    return parser.parse_args(arguments)


def pin_to_cpu() -> None:
    """Keep this process to the first core it may use, where `loadtui run --pin` has no workers;
    does nothing where the platform cannot."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def application(service: str, seed: int, trouble: Degradation, slots: int | None) -> ASGIApp:
    """The application of a service; each imports what it needs only when it is asked for.

    Raises UsageError where a service lacks what it stands on.
    """
    if service == "rag":
        from loadtui.demo.rag_service import rag_app

        return rag_app(seed, trouble)
    if service == "mcp":
        from loadtui.demo.mcp_server import mcp_app

        return mcp_app(seed, trouble)
    from loadtui.demo.gateway import gateway_app

    return gateway_app(seed, trouble, slots=slots)


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = options(arguments)
    if chosen.pin:
        pin_to_cpu()
    # With the protocol named, asyncio sets TCP_NODELAY on what it accepts; without, answers sent in
    # two writes wait 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    stall: Stall | None = chosen.stall
    trouble = Degradation(chosen.slow, chosen.error_rate, stall)
    try:
        listener.bind(("127.0.0.1", chosen.port))
        app = application(chosen.service, chosen.seed, trouble, chosen.slots)
    except OSError as problem:
        print(f"port {chosen.port}: {problem.strerror}", file=sys.stderr)
        return 2
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    server = Server(
        uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            http="httptools",
            loop="asyncio",
            ws="none",
            lifespan="on" if chosen.service == "mcp" else "off",
            proxy_headers=False,
            server_header=False,
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
