"""The embedded target's third service: an MCP server for coding agents, made with the official SDK.

Its file and git tools work on a folder of their own; `POST /execute` calls the same tools without
the protocol.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from pydantic import Field
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

import loadtui
from loadtui.demo.asgi import Counts, Stats, answer_json, encode_json, read_body, wrong
from loadtui.demo.degradation import NO_DEGRADATION, Degradation, with_stall
from loadtui.demo.queueing import Lognormal, Slots
from loadtui.demo.repository import Repository
from loadtui.demo.sandbox import PathRefused, Sandbox
from loadtui.demo.web_pages import PAGES

TOOL_SLOTS = 32
MEDIAN_S = {"file": 0.004, "git": 0.010, "web": 0.016}
"""What a call takes beside the work that is really done."""
SIGMA = 0.35
MAX_SESSIONS = 10_000
FORGET_S = 900.0
"""Idle sessions are forgotten after this."""

COMMITS = {
    "Start the project": {"README.md": "# Demo\n\nA small project for tools to work on.\n" * 8},
    "Add a guide": {"docs/guide.md": "# Guide\n\nRead the report, then change it.\n" * 20},
    "Write the report": {
        "src/report.py": "".join(
            f'def part_{number}() -> str:\n    """Part {number} of the report."""\n'
            f'    return "part {number}"\n\n\n'
            for number in range(30)
        )
    },
    "Note what has changed": {"docs/changes.md": "".join(f"- change {n}\n" for n in range(60))},
}


class Degraded(ToolError):
    """An error to order."""


class Tools:
    """The tools, which take their time and sometimes fail."""

    def __init__(self, root: Path, seed: int, degradation: Degradation) -> None:
        self._sandbox = Sandbox(root)
        self._repository = Repository(root)
        self._repository.make(COMMITS)
        (root / "outside").symlink_to("/etc")  # a link to try whether tools follow it
        self._times = {
            kind: Lognormal(f"mcp {kind}", seed, median_s, SIGMA)
            for kind, median_s in MEDIAN_S.items()
        }
        self._errors = random.Random(f"mcp errors {seed}")
        self._degradation = degradation
        self.slots = Slots(TOOL_SLOTS)

    async def read_file(self, path: str) -> str:
        """The text of a file."""
        async with self._work("file"):
            return self._sandbox.read(path)

    async def write_file(self, path: str, content: str) -> str:
        """Write a text to a file."""
        async with self._work("file"):
            return f"wrote {self._sandbox.write(path, content)} bytes to {path}"

    async def list_directory(self, path: str = ".") -> str:
        """The names in a folder, one a line; folders end with a slash."""
        async with self._work("file"):
            return "\n".join(self._sandbox.names(path))

    async def git_status(self) -> str:
        """Branch and changed files, as `git status --porcelain` has them."""
        async with self._work("git"):
            return await self._repository.status()

    async def git_log(self, limit: Annotated[int, Field(ge=1, le=100)] = 10) -> str:
        """The last commits, one a line."""
        async with self._work("git"):
            return await self._repository.log(limit)

    async def git_diff(self) -> str:
        """What has changed since the last commit."""
        async with self._work("git"):
            return await self._repository.diff()

    async def web_fetch(self, url: str) -> str:
        """The text of a page; there are only those that this server holds itself."""
        async with self._work("web"):
            try:
                return PAGES[url]
            except KeyError:
                raise ToolError(f"{url}: 404, this server holds {', '.join(PAGES)}") from None

    @contextlib.asynccontextmanager
    async def _work(self, kind: str) -> AsyncIterator[None]:
        """A slot, held as long as the call takes; what is refused or fails becomes a tool error."""
        slow = self._degradation.slow
        async with self.slots:
            await asyncio.sleep(self._times[kind]() * slow)
            if self._errors.random() < self._degradation.error_rate:
                raise Degraded("Service degraded")
            begun = time.perf_counter()
            try:
                yield
            except (PathRefused, OSError) as error:
                raise ToolError(str(error)) from None
            await asyncio.sleep((slow - 1) * (time.perf_counter() - begun) if slow > 1 else 0)


class ToolCall(msgspec.Struct):
    """The body of POST /execute."""

    tool: str
    args: dict[str, Any] = {}


class Execute:
    """`POST /execute`: one tool, called without the protocol."""

    def __init__(self, server: MCPServer[Any], counts: Counts) -> None:
        self._server = server
        self._counts = counts
        self._decoder = msgspec.json.Decoder(ToolCall)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            call = self._decoder.decode(await read_body(receive) or b"")
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            await answer_json(send, 400, encode_json({"error": wrong(error)}))
            return
        label = f"POST /execute {call.tool}"
        self._counts.add(self._counts.received, label)
        status, document = await self._called(call)
        if status != 200:
            self._counts.add(self._counts.failed, label)
        await answer_json(send, status, encode_json(document))
        self._counts.add(self._counts.answered, label)

    async def _called(self, call: ToolCall) -> tuple[int, Mapping[str, str]]:
        try:
            result: Any = await self._server.call_tool(call.tool, call.args)
        except ToolError as error:
            message = str(error.__cause__ or error)
            if isinstance(error.__cause__, Degraded):
                return 503, {"error": message}
            return (500 if isinstance(error, UnexpectedToolError) else 400), {"error": message}
        return 200, {"result": "\n".join(part.text for part in result.content)}


class Counted:
    """Counts what comes over the protocol: calls by the tool's name, all else by its method."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    async def __call__(
        self, ctx: ServerRequestContext[Any, Any], call_next: CallNext
    ) -> HandlerResult:
        counts = self._counts
        called = ctx.method == "tools/call" and ctx.params
        label = f"MCP {called.get('name') if called else ctx.method}"
        counts.add(counts.received, label)
        result = await call_next(ctx)
        counts.add(counts.answered, label)
        if isinstance(result, dict) and result.get("isError"):
            counts.add(counts.failed, label)
        return result


class McpHealth:
    """`GET /health`."""

    BODY = encode_json({"status": "ok"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer_json(send, 200, self.BODY)


def mcp_app(seed: int, degradation: Degradation = NO_DEGRADATION) -> ASGIApp:
    """The application; its folder goes with the process.  It needs ASGI's lifespan.

    Of `degradation` the error rate is the share of calls that end with a tool error, or a 503 of
    /execute.  Raises UsageError where git is missing.
    """
    folder = tempfile.TemporaryDirectory(prefix="loadtui-mcp-")
    tools = Tools(Path(folder.name), seed, degradation)
    counts = Counts()

    server: MCPServer[Any] = MCPServer(
        "loadtui demo", version=loadtui.__version__, log_level="ERROR", middleware=[Counted(counts)]
    )
    for tool in (
        tools.read_file,
        tools.write_file,
        tools.list_directory,
        tools.git_status,
        tools.git_log,
        tools.git_diff,
        tools.web_fetch,
    ):
        server.add_tool(tool, structured_output=False)
    # As JSON, since event streams would cost the SDK twice the time.
    protocol = server.streamable_http_app(
        json_response=True, session_idle_timeout=FORGET_S, max_sessions=MAX_SESSIONS
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with folder:
            async with protocol.router.lifespan_context(app):
                yield

    app = Starlette(
        routes=[
            *protocol.routes,
            Route("/execute", Execute(server, counts), methods=["POST"]),
            Route("/health", McpHealth(), methods=["GET"]),
            Route("/stats", Stats(counts, tools.slots), methods=["GET"]),
        ],
        lifespan=lifespan,
    )
    return with_stall(app, degradation.stall)
