"""`loadtui demo --serve`: the embedded target, to put load on with any plan."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loadtui.cli.interrupts import interrupts_held
from loadtui.cli.notices import say
from loadtui.errors import ExitCode

if TYPE_CHECKING:
    from loadtui.demo.stack import DemoStack

CHECK_SERVICES_EVERY_S = 0.2
SERVICE_LINES = {
    "gateway": "an OpenAI-compatible API",
    "rag": "retrieval over real documents",
    "mcp": "tools, at /mcp and /execute",
}


def serve_target(ports: Mapping[str, int], how: Mapping[str, Any]) -> int:
    """Have the services up until Ctrl-C or SIGTERM; 0, or 1 when one of them ended by itself.

    `ports` and `how` are those of Stack; raises UsageError when they cannot be started.
    """
    from loadtui.demo.stack import DemoStack

    try:
        with (
            interrupts_held() as interrupts,
            interrupts.heeded(),
            DemoStack(ports, **how) as stack,
        ):
            click.echo("\n".join(_introduction(stack, free=not all(ports.values()))))
            while (ended := stack.ended()) is None:
                time.sleep(CHECK_SERVICES_EVERY_S)
            say(f"the {ended} service ended by itself, so all of them stop")
            return ExitCode.FAIL
    except KeyboardInterrupt:
        say("stopped")
        return ExitCode.PASS


def _introduction(stack: DemoStack, *, free: bool) -> list[str]:
    from loadtui.demo.tour import scenario_folder

    lines = [f"{name:8} {url:24} {SERVICE_LINES[name]}" for name, url in stack.urls.items()]
    folder = _near(scenario_folder())
    lines += ["", "Now, from another terminal:" if not free else "Now put load on one of them:"]
    for name, url in stack.urls.items():
        host = f" -H {url}" if free else ""
        lines.append(f"  loadtui run --pin {folder}/demo/{name}.toml{host}")
    if not free:
        lines.append(
            f"  loadtui run --pin {folder}/demo/*.toml  # all phases in turn, eleven minutes"
        )
    return [*lines, "", "Ctrl-C ends all of them."]


def _near(folder: Path) -> Path:
    """The folder as one would type it from here."""
    relative = Path(os.path.relpath(folder))
    return folder if ".." in relative.parts else relative
