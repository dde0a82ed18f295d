"""TOML that Python does not read is no TOML."""

from __future__ import annotations

import tomllib

import pytest

from loadtui.toml_text import toml_table


def test_a_document() -> None:
    assert toml_table("users = 5\n[a]\nb = 'c'\n") == {"users": 5, "a": {"b": "c"}}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("users = ", "Invalid value"),
        ("users = " + "9" * 5000, "a number has too many digits"),
        ("a = " + "[" * 100_000, "it is nested too deeply"),
    ],
)
def test_one_kind_of_error(text: str, reason: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match=reason):
        toml_table(text)
