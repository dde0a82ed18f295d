"""The HTTP server of the web API, for tools on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from loadtui.web_api.loopback import is_for_another_machine, is_from_another_page
from loadtui.web_api.resting_answers import text_answer
from loadtui.whole_numbers import whole_number
from loadtui.wire.http_exchange import HttpAnswer, HttpQuestion

MAX_BODY = 1024 * 1024
IDLE_S = 60.0
"""How long a client may be silent."""
_NOT_PASSED_ON = ("connection", "content-length", "date", "server", "transfer-encoding")
_CROSS_ORIGIN = "access-control-"
"""Locust lets any page in a browser read its answers; here none may."""


class ApiServer:
    """Answers on a listening socket inside the block."""

    def __init__(
        self, listening: socket.socket, bound_to: str, answer: Callable[[HttpQuestion], HttpAnswer]
    ) -> None:
        """`bound_to` is the address that a person chose."""

        class Handler(_Handler):
            guarded, answered = bound_to, staticmethod(answer)

        address = listening.getsockname()[:2]
        self._server = _QuietServer(address, Handler, bind_and_activate=False)
        self._server.socket.close()
        self._server.socket = listening
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up early is not worth a traceback."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    guarded = ""
    answered: Callable[[HttpQuestion], HttpAnswer]

    def _handle(self) -> None:
        refused = self._refused()
        if refused is not None:
            self.close_connection = True
            return self._send(refused)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        question = HttpQuestion(
            "GET" if self.command == "HEAD" else self.command,
            unquote(url.path),
            url.query,
            self.headers.items(),
            body,
        )
        try:
            answer = self.answered(question)
        except Exception as error:
            answer = text_answer("500 INTERNAL SERVER ERROR", f"{error}\n")
        return self._send(answer)

    def _refused(self) -> HttpAnswer | None:
        """Why a request is not answered; nothing has been read of its body."""
        host = self.headers.get("Host", "")
        if is_for_another_machine(host, self.guarded):
            return text_answer("403 FORBIDDEN", "this address is for the machine it runs on\n")
        if is_from_another_page(
            host, self.headers.get("Origin"), self.headers.get("Sec-Fetch-Site")
        ):
            return text_answer("403 FORBIDDEN", "other pages may not ask here\n")
        length = whole_number(self.headers.get("Content-Length") or "0")
        if "Transfer-Encoding" in self.headers or length is None:
            return text_answer("411 LENGTH REQUIRED", "a request needs its Content-Length\n")
        if length > MAX_BODY:
            return text_answer("413 CONTENT TOO LARGE", f"a body has up to {MAX_BODY} bytes\n")
        return None

    def _send(self, answer: HttpAnswer) -> None:
        code, _, reason = answer.status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in answer.headers:
            low = name.lower()
            if low not in _NOT_PASSED_ON and not low.startswith(_CROSS_ORIGIN):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _handle

    def version_string(self) -> str:
        return "loadtui"

    def log_message(self, format: str, *args: object) -> None:
        """Standard error is for the run's progress."""
