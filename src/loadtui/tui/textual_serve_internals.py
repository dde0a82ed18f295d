"""The private name of textual-serve that `loadtui serve` relies on; seen in textual-serve 1.1.0 to
1.1.3.

There is no way around it: without its application the guard against other pages of the browser
could not be put before it, so a version that has it not is refused.
"""

from __future__ import annotations

from importlib.metadata import version

from aiohttp import web
from textual_serve.server import Server

from loadtui.errors import UsageError


async def web_application(server: Server) -> web.Application:
    """What `Server.serve` would serve; UsageError where it cannot be had."""
    make = getattr(server, "_make_app", None)
    if make is None:
        raise UsageError(
            f"textual-serve {version('textual-serve')} is not known to loadtui; "
            "install textual-serve 1.1"
        )
    application: web.Application = await make()
    return application
