"""Streamable HTTP: how MCP messages travel (modelcontextprotocol.io, "Transports")."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
from locust.contrib.fasthttp import FAILURE_EXCEPTIONS

from loadtui.users.body import abandon_body
from loadtui.users.jsonrpc import RpcDocument
from loadtui.users.mcp_outcome import McpFailure
from loadtui.users.retry_after import retry_after_s
from loadtui.users.service import header

SESSION_HEADER = "Mcp-Session-Id"
VERSION_HEADER = "MCP-Protocol-Version"
_ID = re.compile(r"[\x21-\x7e]+")


class BadStatus(McpFailure):
    """An HTTP status that says no."""

    def __init__(self, reason: str, status: int, retry_after: float | None) -> None:
        super().__init__(reason)
        self.status = status
        self.retry_after_s = retry_after


class McpTransport:
    """Sends messages of one session to one place; responses are streamed and not reported.

    `refusal` puts a response with a status that says no into words.
    """

    def __init__(
        self, client: Any, path: str, headers: dict[str, str], refusal: Callable[[Any], str]
    ) -> None:
        self.client = client
        self.path = path
        self._headers = headers
        self._refusal = refusal
        self.session_id = ""
        self.version = ""
        """As negotiated; empty before."""

    @property
    def url(self) -> str:
        return f"{self.client.base_url}{self.path}"

    def post(self, document: RpcDocument) -> Any:
        """The response to a message, its body unread.

        Raises BadStatus, and what the session raises where there is no response.
        """
        return self._request(
            "POST",
            "application/json, text/event-stream",
            {"Content-Type": "application/json"},
            msgspec.json.encode(document),
        )

    def listen(self, after: str = "") -> Any:
        """An event stream of the server: the standing one, or the rest of one after the event of
        the id `after`; raises as `post`."""
        return self._request("GET", "text/event-stream", {"Last-Event-ID": after} if after else {})

    def end_session(self) -> None:
        """Tell the server that the session is over, which it may refuse (405)."""
        if not self.session_id:
            return
        try:
            abandon_body(self._request("DELETE", "*/*", {}))
        except (McpFailure, *FAILURE_EXCEPTIONS):
            pass
        finally:
            self.session_id = ""

    def take_session_id(self, response: Any) -> None:
        """Keep the id that came with the answer to `initialize`, if there is one."""
        session_id = header(response, SESSION_HEADER)
        if session_id and _ID.fullmatch(session_id) is None:
            raise McpFailure("the session id is not of visible ASCII characters")
        self.session_id = session_id

    def _request(
        self, method: str, accept: str, headers: dict[str, str], data: bytes | None = None
    ) -> Any:
        headers = {"Accept": accept, "Accept-Encoding": "identity"} | headers | self._headers
        if self.session_id:
            headers[SESSION_HEADER] = self.session_id
        if self.version:
            headers[VERSION_HEADER] = self.version
        response = self.client.request(
            method, self.path, data=data, headers=headers, stream=True, catch_response=True
        )
        status = response.status_code
        if not status:
            response.raise_for_status()
        if not 200 <= status < 300:
            retry_after = retry_after_s(header(response, "retry-after"))
            raise BadStatus(self._refusal(response), status, retry_after)
        return response
