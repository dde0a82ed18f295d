"""Options of Locust's web API: where it listens."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from loadtui.cli.notices import say
from loadtui.errors import UsageError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class WebPort:
    """Where the web API listens, and for how long."""

    port: int
    """0: any that is free."""
    host: str = LOOPBACK
    begins: bool = False
    """True: a run begins at once, with the load that the command line says; False: nothing runs
    until `/swarm`."""
    stays_s: float | None = None
    """How long it answers after a run that began at once; None: until Ctrl-C or SIGTERM."""

    def check(self) -> None:
        """UsageError for a port that is none; a warning for an address that others reach."""
        from loadtui.web_api.loopback import is_loopback

        if not 0 <= self.port <= 65_535:
            raise UsageError(f"--web-port: found {self.port}, expected a port such as 8089, or 0")
        if not is_loopback(self.host):
            say(
                f"loadtui: warning: whoever reaches {self.host} can start and stop load from this "
                "machine, without a password"
            )


def with_web_port(function: Callable[..., Any]) -> Callable[..., Any]:
    """A command with these options, which it gets as one value `web`, None without a port."""

    @functools.wraps(function)
    def command(*args: Any, **given: Any) -> Any:
        port, host = given.pop("web_port"), given.pop("web_host")
        if port is None and host is not None:
            raise UsageError("--web-host: give --web-port as well")
        web = None if port is None else WebPort(port, host or LOOPBACK)
        return function(*args, web=web, **given)

    host_option = click.option(
        "--web-host", metavar="ADDRESS", help=f"For --web-port; default {LOOPBACK}."
    )
    port_option = click.option(
        "--web-port",
        type=int,
        metavar="PORT",
        help="Serve Locust's web API there; without -u nothing runs until POST /swarm.",
    )
    return port_option(host_option(command))
