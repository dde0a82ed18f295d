"""The options that the command line says are Locust's are, and those that are ignored are told."""

from __future__ import annotations

from typing import Any

from locust.argument_parser import get_parser

from loadtui.cli.run import command as run
from loadtui.cli.unknown_option import LOCUSTS_OWN
from loadtui.engine.locustfile.options import MEANINGLESS


def test_they_are_locusts() -> None:
    parser: Any = get_parser()
    theirs = {option for action in parser._actions for option in action.option_strings}
    ours = {option for param in run.params for option in param.opts}
    ignored = {
        option
        for action in parser._actions
        if action.dest in MEANINGLESS
        for option in action.option_strings
    }
    assert theirs >= LOCUSTS_OWN
    assert LOCUSTS_OWN | ours >= ignored
