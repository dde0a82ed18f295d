from __future__ import annotations

import pytest

from loadtui.samples.exception_message import message_of


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ValueError: no", "no"),
        ("KeyError: 'a'", "'a'"),
        ("ValueError: a: b", "a: b"),
        ("RuntimeError", "RuntimeError"),
        ("it is: said", "it is: said"),
    ],
)
def test_what_comes_after_the_type(text: str, message: str) -> None:
    assert message_of(text) == message
