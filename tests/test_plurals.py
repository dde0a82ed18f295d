"""Counts with their nouns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import loadtui
from loadtui.plurals import counted, thousands

BY_HAND = re.compile(
    r"""== 1 else f?["'](?:s["']|\w+s["'])|\{['"]s['"] if |["']s["'] if \w+ != 1"""
)
"""A plural that is made beside a noun, such as `"run" if count == 1 else "runs"`."""


@pytest.mark.parametrize(
    ("number", "words", "text"),
    [
        (0, ("run",), "0 runs"),
        (1, ("run",), "1 run"),
        (2, ("more kind",), "2 more kinds"),
        (1284, ("request",), "1 284 requests"),
        (1, ("run is", "runs are"), "1 run is"),
        (3, ("run is", "runs are"), "3 runs are"),
    ],
)
def test_counted(number: int, words: tuple[str, ...], text: str) -> None:
    assert counted(number, *words) == text


def test_thousands_are_set_apart() -> None:
    assert [thousands(number) for number in (7, 999, 1000, -1234567)] == [
        "7",
        "999",
        "1 000",
        "-1 234 567",
    ]


def test_no_plural_is_made_by_hand() -> None:
    by_hand = [
        f"{path.name}: {line.strip()}"
        for path in Path(loadtui.__file__).parent.rglob("*.py")
        for line in path.read_text().splitlines()
        if BY_HAND.search(line) and path.name != "plurals.py"
    ]
    assert by_hand == []
