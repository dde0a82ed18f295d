"""Answers of an MCP server for `scripted_server`, and what its client sent."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from tests.support.event_streams import document, stream
from tests.support.scripted_server import Answer, ScriptedServer

SESSION = "Mcp-Session-Id: one"
ACCEPTED = Answer([b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"])
GONE = document(
    {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "Session not found"}},
    "404 Not Found",
)


def result(number: Any, **value: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "result": value}


def error(number: Any, code: int, message: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}}


def asked(number: Any, method: str, **params: Any) -> dict[str, Any]:
    """A request of the server."""
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def said(number: Any, text: str, **more: Any) -> dict[str, Any]:
    """What a tool answered."""
    return result(number, content=[{"type": "text", "text": text}], **more)


def welcome(number: int = 1, version: str = "2025-11-25", *headers: str) -> list[Answer]:
    """The server's part of the handshake."""
    value = result(
        number,
        protocolVersion=version,
        capabilities={"tools": {}},
        serverInfo={"name": "scripted", "version": "1"},
    )
    return [document(value, "200 OK", *(headers or (SESSION,))), ACCEPTED]


def event(message: Any, number: str = "") -> bytes:
    """One server-sent event, with an id of its own if there is a number."""
    head = f"id: {number}\r\n" if number else ""
    return f"{head}event: message\r\ndata: {json.dumps(message)}\r\n\r\n".encode()


def events(*messages: Any, **how: Any) -> Answer:
    return stream(*map(event, messages), **how)


class Sent(NamedTuple):
    """One request as the server saw it."""

    method: str
    headers: dict[str, str]
    """By lower-case name."""
    body: Any

    @property
    def calls(self) -> str:
        """HTTP method, and the JSON-RPC method or `answer`."""
        if not self.body:
            return self.method
        return f"{self.method} {self.body.get('method', 'answer')}"


def sent(server: ScriptedServer) -> list[Sent]:
    found = []
    for seen in server.seen():
        head, _, body = seen.data.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (ln.partition(":") for ln in lines)
        }
        found.append(Sent(first.split()[0], headers, json.loads(body) if body else None))
    return found
