"""Streamable HTTP: how MCP messages travel (modelcontextprotocol.io, "Transports")."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

from locust.contrib.fasthttp import FAILURE_EXCEPTIONS

from loadtui.users.jsonrpc import Document, Error, decode
from loadtui.users.mcp_outcome import Wrong
from loadtui.users.retry_after import retry_after_s

SESSION_ID = "Mcp-Session-Id"
VERSION = "MCP-Protocol-Version"
_ID = re.compile(r"[\x21-\x7e]+")


class BadStatus(Wrong):
    """An HTTP status that says no."""

    def __init__(self, reason: str, status: int, retry_after: float | None) -> None:
        super().__init__(reason)
        self.status = status
        self.retry_after_s = retry_after


class McpTransport:
    """Sends messages of one session to one place; responses are streamed and not reported."""

    def __init__(self, client: Any, path: str, headers: dict[str, str]) -> None:
        self.client = client
        self.path = path
        self._headers = headers
        self.session_id = ""
        self.version = ""
        """As negotiated; empty before."""

    @property
    def url(self) -> str:
        return f"{self.client.base_url}{self.path}"

    def post(self, document: Document) -> Any:
        """The response to a message, its body unread.

        Raises BadStatus, and what the session raises where there is no response.
        """
        return self._request(
            "POST",
            "application/json, text/event-stream",
            {"Content-Type": "application/json"},
            json.dumps(document, separators=(",", ":")),
        )

    def resume(self, event_id: str) -> Any:
        """The rest of an event stream, after the event of this id; raises as `post`."""
        return self._request("GET", "text/event-stream", {"Last-Event-ID": event_id})

    def end_session(self) -> None:
        """Tell the server that the session is over, which it may refuse (405)."""
        if not self.session_id:
            return
        try:
            self._request("DELETE", "*/*", {})
        except (Wrong, *FAILURE_EXCEPTIONS):
            pass
        finally:
            self.session_id = ""

    def take_session_id(self, response: Any) -> None:
        """Keep the id that came with the answer to `initialize`, if there is one."""
        found = response.headers.get(SESSION_ID) or ""
        if found and (not isinstance(found, str) or _ID.fullmatch(found) is None):
            raise Wrong("the session id is not of visible ASCII characters")
        self.session_id = found

    def _request(
        self, method: str, accept: str, headers: dict[str, str], data: str | None = None
    ) -> Any:
        headers = {"Accept": accept, "Accept-Encoding": "identity"} | headers | self._headers
        if self.session_id:
            headers[SESSION_ID] = self.session_id
        if self.version:
            headers[VERSION] = self.version
        response = self.client.request(
            method, self.path, data=data, headers=headers, stream=True, catch_response=True
        )
        status = response.status_code
        if not status:
            response.raise_for_status()
        if not 200 <= status < 300:
            retry_after = retry_after_s(response.headers.get("retry-after"))
            raise BadStatus(_reason(status, response, retry_after), status, retry_after)
        return response


def _reason(status: int, response: Any, retry_after: float | None) -> str:
    """Status, phrase, Retry-After, and what the JSON-RPC error in the body says."""
    try:
        reason = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        reason = str(status)
    if retry_after is not None:
        reason += f", retry after {retry_after:g} s"
    try:
        messages = decode(response.content or b"")
    except (ValueError, *FAILURE_EXCEPTIONS):
        messages = []
    said = [message.message for message in messages if isinstance(message, Error)]
    return f"{reason}: {said[0]}" if said and said[0] else reason
