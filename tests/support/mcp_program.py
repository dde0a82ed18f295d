"""A server made with the official MCP SDK, which answers in event streams.

One of its tools asks its client back while a call goes on.  `GET /stats` answers with what it
counted.  Prints its port, and ends when its standard input closes.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from typing import Any

import uvicorn
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.shared.message import ServerMessageMetadata
from mcp_types import EmptyResult, ListRootsRequest, PingRequest
from starlette.requests import Request
from starlette.responses import JSONResponse

methods: dict[str, int] = {}
statuses: dict[str, int] = {}
answers: dict[str, int] = {}


def count(what: dict[str, int], name: str) -> None:
    what[name] = what.get(name, 0) + 1


async def counted(context: Any, call_next: Any) -> Any:
    count(methods, context.method)
    return await call_next(context)


server: MCPServer[Any] = MCPServer("official", log_level="ERROR", middleware=[counted])


@server.tool()
async def echo(text: str) -> str:
    return text


@server.tool()
async def fail() -> str:
    raise ToolError("as ordered")


@server.tool()
async def ask_back(context: Context) -> str:
    """Wait for the client's answers to a ping, and to a request that it does not know."""
    await context.report_progress(1, 2)
    here = ServerMessageMetadata(related_request_id=context.request_id)
    for request in (PingRequest(), ListRootsRequest()):
        try:
            await context.session.send_request(request, EmptyResult, 20.0, here)
            count(answers, request.method)
        except Exception as error:
            count(answers, f"{request.method}: {error}")
    return "asked"


@server.tool()
async def ask_beside(context: Context) -> str:
    """Wait for the client's answer to a ping on its standing stream."""
    await context.session.send_request(PingRequest(), EmptyResult, 20.0)
    count(answers, "beside")
    return "asked"


@server.custom_route("/stats", methods=["GET"])
async def stats(request: Request) -> JSONResponse:
    """Messages by method, HTTP statuses, answers of clients, and sessions that are open."""
    sessions = len(server.session_manager._server_instances)
    return JSONResponse(
        {"methods": methods, "statuses": statuses, "answers": answers, "sessions": sessions}
    )


app = server.streamable_http_app()


async def watched(scope: Any, receive: Any, send: Any) -> None:
    async def noted(message: Any) -> None:
        if message["type"] == "http.response.start":
            count(statuses, f"{scope['method']} {scope['path']} {message['status']}")
        await send(message)

    await app(scope, receive, noted)


if __name__ == "__main__":
    # With the protocol named, asyncio sets TCP_NODELAY on what it accepts.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(256)
    running = uvicorn.Server(
        uvicorn.Config(
            watched,
            log_level="warning",
            lifespan="on",
            timeout_keep_alive=600,
            timeout_graceful_shutdown=1,
        )
    )

    def lifeline() -> None:
        sys.stdin.read()
        running.should_exit = True

    threading.Thread(target=lifeline, daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    asyncio.run(running.serve(sockets=[listener]))
