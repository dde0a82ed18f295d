"""The standing event stream on which an MCP server may ask its client something at any time."""

from __future__ import annotations

from collections.abc import Callable

import gevent
from locust.contrib.fasthttp import FAILURE_EXCEPTIONS

from loadtui.users import jsonrpc
from loadtui.users.body import abandon_body, body_pieces
from loadtui.users.jsonrpc import RpcRequest
from loadtui.users.mcp_outcome import McpFailure
from loadtui.users.mcp_transport import McpTransport
from loadtui.users.sse import EventParser, EventTooLong

RECONNECT_AFTER_S = 1.0
"""Unless the server names a time."""


class McpListener:
    """Keeps a stream open for the session of a transport, in a greenlet of its own.

    It ends with the session, or when the server says that it has no such stream, or sends an event
    without an end.  Waiting on it is no request that is under way, and no statistic.
    """

    def __init__(self, transport: McpTransport, answer: Callable[[RpcRequest], None]) -> None:
        self._transport = transport
        self._answer = answer
        self._greenlet = gevent.spawn(self._listen)

    def stop(self) -> None:
        self._greenlet.kill(block=False)

    def _listen(self) -> None:
        last_id, retry_s = "", RECONNECT_AFTER_S
        while True:
            parser = EventParser()
            try:
                response = self._transport.listen(last_id)
            except McpFailure:
                return
            except FAILURE_EXCEPTIONS:
                gevent.sleep(retry_s)
                continue
            try:
                for piece in body_pieces(None, response):
                    for event in parser.feed(piece):
                        self._take(event.data)
            except FAILURE_EXCEPTIONS:
                pass
            except EventTooLong:
                return  # it would come again
            finally:
                abandon_body(response)
            last_id = parser.last_id or last_id
            if parser.retry_ms is not None:
                retry_s = parser.retry_ms / 1000
            gevent.sleep(retry_s)

    def _take(self, data: bytes) -> None:
        """Answer what the server asks; nothing that goes wrong here is the failure of a call."""
        try:
            for message in jsonrpc.decode_messages(data):
                if isinstance(message, RpcRequest):
                    self._answer(message)
        except (ValueError, McpFailure):
            pass
