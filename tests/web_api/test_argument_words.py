from __future__ import annotations

import pytest

from loadtui.web_api.argument_words import argument_words
from loadtui.wire.inspection import OwnArgument

KNOWN = [
    OwnArgument("think", "--think", "value"),
    OwnArgument("short", "-x", "value"),
    OwnArgument("names", "--names", "values"),
    OwnArgument("each", "--each", "value_each"),
    OwnArgument("fast", "--fast", "nothing", "--no-fast"),
    OwnArgument("loud", "--loud", "nothing"),
]


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("think", ["-1"], ["--think=-1"]),
        ("think", ["1", "2"], ["--think=1"]),
        ("short", ["1"], ["-x", "1"]),
        ("names", ["a,b"], ["--names", "a", "b"]),
        ("names", ["a", "b"], ["--names", "a", "b"]),
        ("each", ["a", "b"], ["--each=a", "--each=b"]),
        ("fast", ["true"], ["--fast"]),
        ("fast", ["on"], ["--no-fast"]),
        ("loud", ["true"], ["--loud"]),
        ("loud", ["false"], []),
        ("loglevel", ["DEBUG"], []),
    ],
)
def test_options_as_they_are_typed(name: str, values: list[str], words: list[str]) -> None:
    assert argument_words({name: values}, KNOWN) == words
