"""One session with an MCP server: the handshake, and requests with their answers."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import gevent
from locust.contrib.fasthttp import FAILURE_EXCEPTIONS

import loadtui
from loadtui.users import jsonrpc
from loadtui.users.body import BodyTooLong, abandon_body, body_pieces, whole_body
from loadtui.users.jsonrpc import RpcDocument, RpcError, RpcMessage, RpcRequest, RpcResult
from loadtui.users.mcp_listener import McpListener
from loadtui.users.mcp_outcome import McpFailure, McpOutcome
from loadtui.users.mcp_transport import BadStatus, McpTransport
from loadtui.users.refusal import steady
from loadtui.users.service import header
from loadtui.users.sse import EventParser, EventTooLong

VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
"""Revisions of the protocol with a handshake; the last one is asked for."""
RESUMES = 5
"""How often in a row an event stream that ends early is taken up again."""
RESUME_AFTER_S = 1.0
"""Before that, unless the server names a time."""
BODY_END_S = 1.0
"""How long to wait for the end of a body after the answer; then its connection is closed."""

McpReply = Callable[[str, RpcDocument], RpcDocument | None]
"""The client's answer to a request of the server, by method and params; None: unknown method."""


class McpSession:
    """A session over one transport.  Nothing is reported to Locust here.

    A ping of the server is answered, and its other requests as `reply` says: those that come in
    the stream of a call, and where it `listens` those on the server's standing stream, too.
    """

    def __init__(self, transport: McpTransport, reply: McpReply, *, listens: bool = False) -> None:
        self.transport = transport
        self.open = False
        self.server: RpcDocument = {}
        """What the server said of itself: protocolVersion, capabilities, serverInfo."""
        self._reply = reply
        self._listens = listens
        self._listener: McpListener | None = None
        self._numbers = itertools.count(1)

    def initialize(self) -> McpOutcome:
        """A new session, in place of the former one; the outcome is that of `initialize`."""
        self._end()
        self.transport.session_id = self.transport.version = ""
        outcome = self._ask(
            "initialize",
            {
                "protocolVersion": VERSIONS[-1],
                "capabilities": {},
                "clientInfo": {"name": "loadtui", "version": loadtui.__version__},
            },
        )
        if outcome.result is not None:
            try:
                self._begin(outcome.result, outcome.response)
            except (McpFailure, *FAILURE_EXCEPTIONS) as error:
                outcome.result = None
                outcome.failure = str(error) if isinstance(error, McpFailure) else error
                self.transport.end_session()
        return outcome

    def call(self, method: str, params: RpcDocument | None = None) -> McpOutcome:
        """Ask the server something, within the session."""
        outcome = self._ask(method, params)
        if outcome.expired:
            self._end()
        return outcome

    def close(self) -> None:
        """End the session on the server, too."""
        self._end()
        self.transport.end_session()

    def _end(self) -> None:
        self.open = False
        if self._listener is not None:
            self._listener.stop()
            self._listener = None

    def _begin(self, result: RpcDocument, response: Any) -> None:
        transport = self.transport
        transport.take_session_id(response)
        version = result.get("protocolVersion")
        if version not in VERSIONS:
            raise McpFailure(
                f"protocol version {str(version)[:40]!r} is none of {', '.join(VERSIONS)}"
            )
        self.server = result
        transport.version = version
        try:
            abandon_body(transport.post(jsonrpc.notification_document("notifications/initialized")))
        except McpFailure as wrong:
            raise McpFailure(f"notifications/initialized: {wrong}") from None
        self.open = True
        if self._listens:
            self._listener = McpListener(transport, self._answer_server)

    def _ask(self, method: str, params: RpcDocument | None) -> McpOutcome:
        number = next(self._numbers)
        outcome = McpOutcome()
        began = time.perf_counter()
        arrived = None
        try:
            outcome.response = self.transport.post(jsonrpc.request_document(number, method, params))
            outcome.status = outcome.response.status_code
            answer, arrived = self._answer(number, outcome)
            if isinstance(answer, RpcError):
                outcome.refused = True
                raise McpFailure(f"JSON-RPC error {answer.code}: {steady(answer.message)}")
            outcome.result = answer.result
        except BadStatus as bad:
            outcome.failure = str(bad)
            outcome.status = bad.status
            outcome.retry_after_s = bad.retry_after_s
            outcome.expired = bad.status == 404 and bool(self.transport.session_id)
        except McpFailure as wrong:
            outcome.failure = str(wrong)
        except FAILURE_EXCEPTIONS as error:
            outcome.failure = error
        outcome.took_ms = ((arrived or time.perf_counter()) - began) * 1000
        return outcome

    def _answer(self, number: int, outcome: McpOutcome) -> tuple[RpcResult | RpcError, float]:
        """The answer to request `number`, and when it was there on the performance counter."""
        kind = header(outcome.response, "content-type").partition(";")[0].strip()
        if kind.lower() == "text/event-stream":
            return self._from_events(number, outcome)
        try:
            body = whole_body(self.transport.client, outcome.response)
        except BodyTooLong as error:
            abandon_body(outcome.response)
            raise McpFailure(str(error)) from None
        arrived = time.perf_counter()
        outcome.length = len(body)
        if kind.lower() != "application/json":
            what = f"{outcome.status} {kind or 'without a content type'}"
            raise McpFailure(f"the answer is neither JSON nor an event stream: {what}")
        answer = self._among(_decoded(body), number)
        if answer is None:
            raise McpFailure("there is no answer in the body")
        return answer, arrived

    def _from_events(self, number: int, outcome: McpOutcome) -> tuple[RpcResult | RpcError, float]:
        """From an event stream, which is taken up again where it ends early and can be."""
        response = outcome.response
        events = _Events(self.transport.client)
        for left in range(RESUMES, -1, -1):
            cut: BaseException | None = None
            try:
                for texts in events.read(response):
                    for text in texts:
                        answer = self._among(_decoded(text), number)
                        if answer is not None:
                            arrived = events.arrived
                            outcome.length = events.length
                            _drain(self.transport.client, response)
                            return answer, arrived
            except FAILURE_EXCEPTIONS as error:
                cut = error
            except McpFailure:
                abandon_body(response)
                raise
            outcome.length = events.length
            if not events.last_id or not left:
                raise cut or McpFailure("the event stream ended without an answer")
            gevent.sleep(events.retry_s)
            response = self.transport.listen(events.last_id)
        raise AssertionError("not reached")

    def _among(self, messages: list[RpcMessage], number: int) -> RpcResult | RpcError | None:
        """The answer to request `number`; requests of the server are answered on the way."""
        answer: RpcResult | RpcError | None = None
        for message in messages:
            if isinstance(message, RpcRequest):
                self._answer_server(message)
            elif isinstance(message, RpcError) and message.id is None:
                answer = message
            elif isinstance(message, RpcResult | RpcError):
                if message.id != number or isinstance(message.id, bool):
                    raise McpFailure("the answer has another id than the request")
                answer = message
        return answer

    def _answer_server(self, asked: RpcRequest) -> None:
        value: RpcDocument | None = {} if asked.method == "ping" else None
        if value is None:
            value = self._reply(asked.method, asked.params)
        if value is None:
            document = jsonrpc.error_document(
                asked.id, jsonrpc.METHOD_NOT_FOUND, "Method not found"
            )
        else:
            document = jsonrpc.result_document(asked.id, value)
        try:
            abandon_body(self.transport.post(document))
        except McpFailure as wrong:
            raise McpFailure(
                f"the server did not take the answer to its {asked.method}: {wrong}"
            ) from None


class _Events:
    """Texts of the messages in event streams, and how to take up a stream again."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.last_id = ""
        self.retry_s = RESUME_AFTER_S
        self.length = 0
        self.arrived = 0.0
        """When the last piece came, on the performance counter."""

    def read(self, response: Any) -> Iterator[list[bytes]]:
        """For each piece that arrives, the texts of the messages that it completes."""
        parser = EventParser()
        for piece in body_pieces(self._client, response):
            self.arrived = time.perf_counter()
            self.length += len(piece)
            try:
                events = parser.feed(piece)
            except EventTooLong as error:
                raise McpFailure(str(error)) from None
            self.last_id = parser.last_id or self.last_id
            if parser.retry_ms is not None:
                self.retry_s = parser.retry_ms / 1000
            yield [event.data for event in events if event.data and event.kind == "message"]


def _decoded(text: bytes) -> list[RpcMessage]:
    try:
        return jsonrpc.decode_messages(text)
    except ValueError as error:
        raise McpFailure(str(error)) from None


def _drain(client: Any, response: Any) -> None:
    """Have the body end, so that its connection can be used again; else close it."""
    try:
        with gevent.Timeout(BODY_END_S, False):
            for _ in body_pieces(client, response):
                pass
    except FAILURE_EXCEPTIONS:
        pass
    abandon_body(response)
