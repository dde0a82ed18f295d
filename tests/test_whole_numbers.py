"""Digits of others."""

from __future__ import annotations

import pytest

from loadtui.whole_numbers import MOST_DIGITS, whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("0050", 50), (b"1500", 1500)])
def test_digits_are_a_number(text: str | bytes, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", " 5", "-5", "5.0", "1_000", "²", "٧", b"\xb2", "9" * 5000])
def test_anything_else_is_none(text: str | bytes) -> None:
    assert whole_number(text) is None


def test_how_many_digits() -> None:
    assert whole_number("9" * MOST_DIGITS) == 10**MOST_DIGITS - 1
    assert whole_number("9" * (MOST_DIGITS + 1)) is None
    assert whole_number("1000", digits=3) is None
