"""An MCP tool server under the traffic of coding agents.

Runs with plain `locust -f scenarios/mcp.py -H URL` and with `loadtui run scenarios/mcp.py`.  Of
the calls 40 % are file operations, 40 % git and 20 % fetch a page; now and then one asks for a file
outside the server's sandbox, which has to be refused.  Users think for 2 to 6 seconds between
calls, or as long as `--think A-B` says.  With `--transport execute` the same calls go to
`POST /execute` as `{"tool": ..., "args": {...}}` instead of through the Model Context Protocol.
With MCP_TOKEN in the environment it is sent as a bearer token.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from locust import events, tag, task

from loadtui.users import McpUser, Thinking, offer_think
from loadtui.users.mcp_user import ToolResult, violation

# What a server of your own holds may have other names.
FILES = ("README.md", "docs/guide.md", "docs/changes.md", "src/report.py")
FOLDERS = (".", "docs", "src")
PAGES = (
    "http://docs.demo/load-testing",
    "http://docs.demo/percentiles",
    "http://docs.demo/queueing",
)
OUTSIDE = ("../../etc/passwd", "/etc/passwd", "docs/../../../etc/hosts", "outside/passwd")
NOTES = 20
"""Files that users write, in turn: a bounded number, so that the sandbox does not grow."""

offer_think()


@events.init_command_line_parser.add_listener
def add_arguments(parser: Any) -> None:
    parser.add_argument(
        "--transport",
        choices=["mcp", "execute"],
        default="mcp",
        help="How tools are called: the Model Context Protocol, or POST /execute (default mcp)",
    )


def some_text(result: ToolResult) -> str:
    """What is wrong with a result that has to say something."""
    return "" if result.text.strip() else "the result is empty"


class MCPServerUser(Thinking, McpUser):
    """A coding agent at work: it reads, writes, looks at the history and fetches pages."""

    think = "2-6"

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self.plain = getattr(environment.parsed_options, "transport", "mcp") == "execute"

    def on_start(self) -> None:
        if not self.plain:
            super().on_start()

    @tag("file")
    @task(18)
    def read_file(self) -> None:
        self.use("read_file", {"path": random.choice(FILES)}, filled=True)

    @tag("file")
    @task(10)
    def write_file(self) -> None:
        path = f"notes/note-{random.randrange(NOTES)}.md"
        self.use("write_file", {"path": path, "content": f"- {random.random()}\n" * 20})

    @tag("file")
    @task(10)
    def list_directory(self) -> None:
        self.use("list_directory", {"path": random.choice(FOLDERS)}, filled=True)

    @tag("file")
    @task(2)
    def read_outside(self) -> None:
        arguments = {"path": random.choice(OUTSIDE)}
        if self.plain:
            self.execute("read_file", arguments, outside=True)
        else:
            self.call_outside("read_file", arguments)

    @tag("git")
    @task(16)
    def git_status(self) -> None:
        self.use("git_status", {}, filled=True)

    @tag("git")
    @task(12)
    def git_log(self) -> None:
        self.use("git_log", {"limit": 5}, filled=True)

    @tag("git")
    @task(12)
    def git_diff(self) -> None:
        self.use("git_diff", {})

    @tag("web")
    @task(20)
    def web_fetch(self) -> None:
        self.use("web_fetch", {"url": random.choice(PAGES)}, filled=True)

    def use(self, tool: str, arguments: Mapping[str, Any], *, filled: bool = False) -> None:
        """Call a tool over the transport asked for; `filled`: an empty result is a failure."""
        if self.plain:
            self.execute(tool, arguments, filled=filled)
        else:
            self.call_tool(tool, arguments, check=some_text if filled else None)

    def execute(
        self,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        filled: bool = False,
        outside: bool = False,
    ) -> None:
        """Call a tool with POST /execute, in the statistics that MCP would have."""
        name = f"{tool} (outside)" if outside else tool
        body = {"tool": tool, "args": dict(arguments)}
        with self.client.post(
            "/execute", json=body, name=name, headers=self.headers, catch_response=True
        ) as response:
            response.request_meta["request_type"] = "MCP"
            if not response.status_code or response.status_code >= 500:
                return  # Locust reports it with its status or its error
            result = executed(response)
            complaint = result.error
            if outside:
                complaint = violation(result)
            elif result.ok and filled:
                complaint = some_text(result)
            if complaint:
                response.failure(complaint)
            else:
                response.success()


def executed(response: Any) -> ToolResult:
    """The result in an answer of /execute."""
    try:
        document = response.json()
    except ValueError:
        document = None
    if not isinstance(document, dict) or not ("result" in document or "error" in document):
        return ToolResult(False, error=f"status {response.status_code} without result and error")
    if "error" in document or response.status_code >= 400:
        error = f"tool error: {str(document.get('error'))[:200]}"
        return ToolResult(False, error=error, refused=True)
    return ToolResult(True, str(document["result"]))
