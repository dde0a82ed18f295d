"""Think time between the requests of a user, and the `--think A-B` that sets it.

A scenario calls `offer_think()` and puts `Thinking` before its user class; when several scenarios
run together they share the one argument, and each keeps its own default.
"""

from __future__ import annotations

import argparse
import random
import re
from typing import Any

_RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")


def think_range(text: str) -> tuple[float, float]:
    """Seconds (from, to) of a think time such as `2-5`; ArgumentTypeError for anything else."""
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(
            f"expected a range of seconds such as 2-5 or 0.1-0.3, got {text!r}"
        )
    low, high = float(match[1]), float(match[2])
    if low > high:
        raise argparse.ArgumentTypeError(
            f"the range {text!r} ends before it begins, write {high:g}-{low:g}"
        )
    return low, high


def checked_think(text: str) -> str:
    """The text itself when it is a think time, so that it travels to workers as a plain string."""
    think_range(text)
    return text


def add_think_argument(parser: Any) -> None:
    """Add `--think A-B` to a parser, unless another scenario has done so already."""
    try:
        parser.add_argument(
            "--think",
            metavar="A-B",
            type=checked_think,
            default=None,
            help="Think time between two requests of a user, in seconds (default: the scenario's)",
        )
    except argparse.ArgumentError:
        known = parser._option_string_actions["--think"]
        if known.type is not checked_think:  # somebody else's argument of that name
            raise


def offer_think() -> None:
    """Have the command line take `--think A-B`; to be called where a locustfile is imported."""
    from locust import events

    events.init_command_line_parser.add_listener(add_think_argument)


class Thinking:
    """A mixin for user classes, to stand before them: waits `think` seconds between tasks, or as
    long as `--think` says."""

    think = "1-3"
    """Seconds from-to, drawn evenly."""

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)  # type: ignore[call-arg]
        asked = getattr(environment.parsed_options, "think", None)
        self._think_range = think_range(asked or self.think)

    def wait_time(self) -> float:
        return random.uniform(*self._think_range)
