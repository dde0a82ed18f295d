"""A user of a server that speaks the Model Context Protocol over streamable HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import gevent
from locust.exception import CatchResponseError

from loadtui.metrics import Counter
from loadtui.users.api_keys import without_keys
from loadtui.users.jsonrpc import RpcDocument
from loadtui.users.mcp_outcome import McpOutcome
from loadtui.users.mcp_session import McpSession
from loadtui.users.mcp_transport import McpTransport
from loadtui.users.refusal import steady
from loadtui.users.service import ServiceUser, timeout_words

TYPE = "MCP"
"""Request type of the statistics, over whatever transport a tool is called."""
VIOLATIONS = Counter("sandbox_violations")
EXPIRED = Counter("mcp_sessions_expired")
CLOSE_S = 1.0
"""How long to try to end the session on the server when a user stops."""


@dataclass(slots=True)
class ToolResult:
    """What a tool answered."""

    ok: bool
    text: str = ""
    """All content of the type text, joined by newlines; of a tool error its text."""
    content: list[RpcDocument] = field(default_factory=list)
    structured: RpcDocument | None = None
    error: str = ""
    """Why it is not ok."""
    refused: bool = False
    """The server or the tool itself said no, in the way the protocol has for it."""
    retry_after_s: float | None = None
    """How long the server wants to be left alone."""


ToolCheck = Callable[[ToolResult], str]
"""Looks at a good result; what is wrong with it, or an empty string."""


def violation(result: ToolResult) -> str:
    """Judge the answer to a call that should have been refused, and count a violation.

    Empty when it was refused, else the reason of a failure.
    """
    if result.ok:
        VIOLATIONS.add()
        return "the tool reached outside its sandbox"
    return "" if result.refused else result.error


class McpUser(ServiceUser):
    """Opens a session when it starts, and calls tools in it: `self.call_tool("read_file", {...})`.

    Each tool has a statistic of its own, of the type MCP; beside them there are `MCP initialize`
    and `MCP tools/list`.  JSON-RPC errors and tool errors are failures, with their reason.  A
    session that the server has forgotten is opened anew, once, and the call repeated;
    Counter("mcp_sessions_expired") counts them.  With MCP_TOKEN in the environment it is sent as
    a bearer token.
    """

    abstract = True
    mcp_path = "/mcp"
    api_key_variable = "MCP_TOKEN"
    listens = False
    """True: keep the server's standing event stream open beside the calls, for servers that ask
    their clients something there."""

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        transport = McpTransport(self.client, self.mcp_path, self.headers, self.refusal)
        self.session = McpSession(transport, self.reply, listens=self.listens)
        self.tools: list[RpcDocument] = []
        """As listed by the server when the user started."""
        VIOLATIONS.add(0)  # so that a check on it finds 0 rather than nothing

    def on_start(self) -> None:
        if self.initialize():
            self.list_tools()

    def on_stop(self) -> None:
        with gevent.Timeout(CLOSE_S, False):
            self.session.close()

    def reply(self, method: str, params: RpcDocument) -> RpcDocument | None:
        """The result of a request of the server, such as `roots/list`; None: unknown method.

        Pings are answered before this is asked.
        """
        return None

    def initialize(self) -> bool:
        """Open a session in place of the former one; False, and a failure, when that fails."""
        outcome = self.session.initialize()
        self._report("initialize", outcome, self._words(outcome.failure))
        return self.session.open

    def list_tools(self) -> list[RpcDocument]:
        """Ask for all pages of the list of tools."""
        tools: list[RpcDocument] = []
        cursor: Any = None
        while True:
            outcome = self._ask("tools/list", {"cursor": cursor} if cursor else None)
            if outcome is None:
                return []
            result = outcome.result or {}
            page = result.get("tools")
            problem = self._words(outcome.failure)
            if not problem and not isinstance(page, list):
                problem = "the answer has no list of tools"
            self._report("tools/list", outcome, problem)
            if problem or page is None:
                return []
            tools += page
            before, cursor = cursor, result.get("nextCursor")
            if not cursor or cursor == before:
                self.tools = tools
                return tools

    def call_tool(
        self,
        tool: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        check: ToolCheck | None = None,
    ) -> ToolResult:
        """Call a tool; its statistic is `MCP name`, by default the tool's own name.

        `check` looks at a good result and returns what is wrong with it.  Without a session, where
        a new one cannot be opened either, nothing is sent and nothing recorded but the failed
        `initialize`.
        """
        outcome, result = self._called(tool, arguments)
        if result.ok and check is not None and (complaint := check(result)):
            result.ok, result.error = False, complaint
        if outcome is not None:
            self._report(name or tool, outcome, result.error)
        return result

    def call_outside(
        self, tool: str, arguments: Mapping[str, Any], *, name: str | None = None
    ) -> ToolResult:
        """Call a tool for what its sandbox does not hold: to be refused is the success.

        An answer with content is a failure and counts one in Counter("sandbox_violations").  The
        statistic is `MCP name`, by default `TOOL (outside)`.
        """
        outcome, result = self._called(tool, arguments)
        if outcome is not None:
            self._report(name or f"{tool} (outside)", outcome, violation(result))
        return result

    def _called(
        self, tool: str, arguments: Mapping[str, Any] | None
    ) -> tuple[McpOutcome | None, ToolResult]:
        outcome = self._ask("tools/call", {"name": tool, "arguments": dict(arguments or {})})
        if outcome is None:
            return None, ToolResult(False, error="there is no session")
        if outcome.result is None:
            result = ToolResult(False, error=self._words(outcome.failure), refused=outcome.refused)
            result.retry_after_s = outcome.retry_after_s
            return outcome, result
        return outcome, _tool_result(outcome.result)

    def _ask(self, method: str, params: RpcDocument | None) -> McpOutcome | None:
        """An outcome to report; None where there is no session to ask in."""
        if not self.session.open and not self.initialize():
            return None
        outcome = self.session.call(method, params)
        if outcome.expired:
            EXPIRED.add()
            if self.initialize():
                outcome = self.session.call(method, params)
        return outcome

    def _words(self, failure: str | BaseException | None) -> str:
        """A failure as it may be kept; empty when there is none."""
        if isinstance(failure, BaseException):
            words = timeout_words(failure, self.network_timeout)
            if not words and str(failure) == "Incomplete response.":
                words = "the connection was closed"
            failure = f"no answer: {words or repr(failure)}"
        return without_keys(failure or "")

    def _report(self, name: str, outcome: McpOutcome, failure: str) -> None:
        """Tell Locust, an empty `failure` for none; then rest if the server asks for it."""
        self.environment.events.request.fire(
            request_type=TYPE,
            name=name,
            response_time=outcome.took_ms,
            response_length=outcome.length,
            response=outcome.response,
            context={**self.context()},
            exception=CatchResponseError(failure) if failure else None,
            start_time=outcome.start_time,
            url=self.session.transport.url,
        )
        self.rest()


def _tool_result(document: RpcDocument) -> ToolResult:
    content = document.get("content")
    if not isinstance(content, list) or not all(isinstance(part, dict) for part in content):
        return ToolResult(False, error="the answer has no list of content")
    structured = document.get("structuredContent")
    texts = [str(part.get("text", "")) for part in content if part.get("type") == "text"]
    result = ToolResult(
        True, "\n".join(texts), content, structured if isinstance(structured, dict) else None
    )
    if document.get("isError"):
        reason = steady(result.text)
        result.ok, result.refused = False, True
        result.error = f"tool error: {reason}" if reason else "tool error"
    return result
