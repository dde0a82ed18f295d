"""`BrowserServer`: the workbench in a browser, each visit a viewer of its own."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from textual_serve.server import Server

from loadtui.tui.textual_serve_internals import web_application
from loadtui.web_api.loopback import is_for_another_machine, is_from_another_page
from loadtui.web_api.visit_token import VisitToken

_PAGE = Path(__file__).parent / "served"


class BrowserServer(Server):
    """Serves the screen of a command that is started anew for each visit.

    The page is our own: it asks for nothing from elsewhere, so that it works without a network.
    """

    def __init__(self, command: str, host: str, port: int, ready: Callable[[str], None]) -> None:
        """`ready` is called with the address once people can come."""
        name = f"[{host}]" if ":" in host else host
        super().__init__(
            command,
            host=host,
            port=port,
            title="loadtui",
            public_url=f"http://{name}:{port}",
            templates_path=_PAGE,
        )
        self._ready = ready
        self._visit = VisitToken(port)

    def serve_on(self, listening: socket.socket) -> None:
        """Serve until SIGINT or SIGTERM."""
        loop = asyncio.new_event_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.request_exit)
        web.run_app(
            self._guarded_application(), sock=listening, handle_signals=False, loop=loop,
            print=None, access_log=None,
        )  # fmt: skip

    async def on_startup(self, app: web.Application) -> None:
        self._ready(f"{self.public_url}/?{self._visit.query}")

    async def _guarded_application(self) -> web.Application:
        app = await web_application(self)
        app.middlewares.append(_only_from_here(self.host))
        app.middlewares.append(_only_who_was_let_in(self._visit))
        app.on_response_prepare.append(_in_no_frame)
        return app


def _only_from_here(bound_to: str) -> Middleware:
    """Refuses what other pages in the same browser send here.

    Who talks to the socket types at the workbench.  A browser lets any page open one to this
    machine, but says which page it is (`Origin`); and a page whose name was made to mean this
    machine says that name (`Host`).
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if is_for_another_machine(request.host, bound_to):
            raise web.HTTPForbidden(text="this address is for the machine it runs on")
        if is_from_another_page(request.host, request.headers.get("Origin")):
            raise web.HTTPForbidden(text="another page may not use the workbench")
        return await handler(request)

    return check


def _only_who_was_let_in(visit: VisitToken) -> Middleware:
    """Refuses who has neither the printed address nor the cookie of an earlier visit: other users
    of the machine reach its ports too."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path == "/" and visit.admits(request.query.get("token", "")):
            # The token is not to stay in the address, which is shown and saved.
            entered = web.HTTPFound("/")
            entered.set_cookie(visit.cookie_name, visit.cookie, httponly=True, samesite="Lax")
            raise entered
        if not visit.knows(request.cookies.get(visit.cookie_name)):
            raise web.HTTPForbidden(
                text="open the whole address that `loadtui serve` printed, with its token"
            )
        return await handler(request)

    return check


async def _in_no_frame(request: web.Request, response: web.StreamResponse) -> None:
    """No other page shows the workbench as a part of it, and none learns its address."""
    response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    if request.path == "/":
        response.headers["Cache-Control"] = "no-store"
