"""Names of argparse (and of ConfigArgParse, which Locust's parser is) beyond their documentation.

Seen in Python 3.11 and ConfigArgParse 1.9.0.  A test looks for each of them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any


def option_actions(parser: Any) -> dict[str, argparse.Action]:
    """Option string -> action, of all options of a parser."""
    actions: dict[str, argparse.Action] = parser._option_string_actions
    return actions


def all_actions(parser: Any) -> list[argparse.Action]:
    """The options and positional arguments of a parser."""
    actions: list[argparse.Action] = parser._actions
    return actions


def replace_printing(parser: Any, print_message: Callable[..., None]) -> None:
    """What a parser would print goes to this function, with the message first."""
    parser._print_message = print_message


def is_repeated(action: argparse.Action) -> bool:
    """Whether an option is given once for each of its values."""
    return isinstance(action, argparse._AppendAction)
