"""`loadtui serve`: the workbench in a browser."""

from __future__ import annotations

import shlex
import sys

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.notices import say
from loadtui.cli.runs_option import runs_option
from loadtui.errors import UsageError

DEFAULT_PORT = 8050


@click.command("serve", cls=DescribedCommand)
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="Where to listen.")
@click.option("--port", default=DEFAULT_PORT, help="The same there; 0: any that is free.")
@runs_option
def command(host: str, port: int) -> int:
    """Serve the workbench of this folder to browsers, until Ctrl-C.

    Every visit has a workbench of its own; runs that are started there stay running without it.
    Open the printed address: nobody comes in without its token.  By default only this machine is
    served; from another one, come through a tunnel: ssh -L 8050:127.0.0.1:8050 BOX.
    """
    try:
        from loadtui.tui.browser import BrowserServer
    except ModuleNotFoundError as error:
        raise UsageError(
            f"serve needs {error.name}, which is not installed: pip install 'loadtui[serve]'"
        ) from error

    from loadtui.web_api.loopback import bound, is_loopback

    if not 0 <= port <= 65_535:
        raise UsageError(f"--port: found {port}, expected a port such as {DEFAULT_PORT}, or 0")
    listening = bound(host, port)
    if not is_loopback(host):
        say(
            f"loadtui: warning: the way to {host} is not encrypted: whoever can read the token on "
            "it can run commands on this machine as you"
        )
    own = shlex.join([sys.executable, "-m", "loadtui"])
    server = BrowserServer(own, host, listening.getsockname()[1], _announce)
    server.serve_on(listening)
    return 0


def _announce(address: str) -> None:
    click.echo(f"the workbench is at {address}; Ctrl-C ends it, runs stay running")
