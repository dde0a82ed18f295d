"""Numbers as other programs, and spreadsheets, write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.importing.files.numerals import LARGEST, decimal_sign, parse_count, parse_number

NUMBERS = st.floats(min_value=0, max_value=1e12, allow_nan=False).map(lambda x: round(x, 4))


def grouped(number: float, thousands: str, decimal: str) -> str:
    text = f"{number:,.4f}"
    return text.replace(",", "\0").replace(".", decimal).replace("\0", thousands)


@settings(max_examples=60)
@given(NUMBERS, st.sampled_from([("", "."), (",", "."), (".", ","), ("\u00a0", ","), ("'", ".")]))
def test_a_number_reads_as_what_was_written(number: float, signs: tuple[str, str]) -> None:
    text = grouped(number, *signs)
    assert decimal_sign([text]) == signs[1]
    found = parse_number(text, signs[1])
    assert found is not None
    assert math.isclose(found, number, rel_tol=1e-12)


@settings(max_examples=60)
@given(NUMBERS)
def test_a_number_of_a_program_reads_as_it_is(number: float) -> None:
    assert parse_number(repr(number)) == number


@settings(max_examples=200)
@given(st.text(max_size=12))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        found = parse_number(text)
    except ValueError:
        return
    assert found is None or 0 <= found <= LARGEST


@pytest.mark.parametrize("text", ["", "N/A", "n/a", "-", "NaN", "null", " "])
def test_what_says_that_there_is_none_is_none(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["inf", "-1", "1e400", "12 ms", "0x10", "1e16", "٣", "1.2.3"])
def test_what_cannot_be_measured_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_number(text)


def test_a_count_is_whole() -> None:
    assert parse_count("1.234", ",") == 1234
    assert parse_count("12.0") == 12
    with pytest.raises(ValueError, match="no whole number"):
        parse_count("12.5")


class TestDecimalSign:
    def test_one_number_settles_all(self) -> None:
        assert decimal_sign(["1.234", "17", "0,5"]) == ","
        assert decimal_sign(["1,234", "17", "0.5"]) == "."
        assert decimal_sign(["1.234.567"]) == ","

    def test_without_a_sign_it_is_a_point(self) -> None:
        assert decimal_sign(["1", "N/A", "1.234"]) == "."

    def test_what_could_be_either_is_refused(self) -> None:
        with pytest.raises(ValueError, match="thousands or for a fraction"):
            decimal_sign(["1,234"])

    def test_both_at_once_are_refused(self) -> None:
        with pytest.raises(ValueError, match="point here and a comma there"):
            decimal_sign(["0.5", "0,5"])
