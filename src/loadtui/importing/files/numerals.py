"""Numbers as files of other programs write them, those of a spreadsheet with its own decimal sign
included."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

LARGEST = 1e15
"""More than anything that is counted or measured."""

_SURE_DIGITS = 15
"""So many make no number that is larger."""
_NOTHING = frozenset({"", "-", "–", "n/a", "na", "nan", "none", "null"})
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WITH_COMMAS = re.compile(r"[+-]?\d[\d.,]*")
_BLANKS = dict.fromkeys(map(ord, " \u00a0\u202f'"))


def decimal_sign(cells: Iterable[str]) -> str:
    """`.` or `,`: which of the two these numbers write before their fraction.

    Raises ValueError when they contradict each other, or when 1,234 could be either.
    """
    signs: set[str] = set()
    unclear = ""
    for cell in cells:
        text = cell.translate(_BLANKS).lstrip("+-")
        if not _WITH_COMMAS.fullmatch(text):
            continue
        sign = _sign_of(text)
        if sign:
            signs.add(sign)
        elif "," in text and not unclear:
            unclear = cell
    if len(signs) == 2:
        raise ValueError("its numbers write their fraction with a point here and a comma there")
    if unclear and not signs:
        raise ValueError(f"{unclear!r} may have a comma for thousands or for a fraction")
    return signs.pop() if signs else "."


def parse_number(text: str, sign: str = ".") -> float | None:
    """A number written with this decimal sign; None for a cell that says there is none, as N/A.

    Raises ValueError for what is no finite number of a size that can be.
    """
    if text.strip().lower() in _NOTHING:
        return None
    plain = text.translate(_BLANKS)
    if sign == ",":
        plain = plain.replace(".", "").replace(",", ".")
    elif "," in plain:
        plain = plain.replace(",", "")
    if not plain.isascii() or not _PLAIN.fullmatch(plain):
        raise ValueError(f"{_short(text)} is no number")
    return checked_number(float(plain), text)


def parse_count(text: str, sign: str = ".") -> int | None:
    """A whole number that is not below 0; None and ValueError as `parse_number`."""
    if text.isdecimal() and text.isascii() and len(text) <= _SURE_DIGITS:
        return int(text)
    number = parse_number(text, sign)
    return None if number is None else whole_count(number, text)


def checked_number(number: float, text: object = None) -> float:
    """The number, if one such as it can have been measured; else ValueError."""
    shown = _short(str(number if text is None else text))
    if not math.isfinite(number):
        raise ValueError(f"{shown} is no finite number")
    if number < 0:
        raise ValueError(f"{shown} is below 0")
    if number > LARGEST:
        raise ValueError(f"{shown} is larger than anything that is measured")
    return number


def whole_count(number: float, text: object = None) -> int:
    """The number as a count; ValueError when it has a fraction."""
    if number != int(number):
        raise ValueError(f"{_short(str(number if text is None else text))} is no whole number")
    return int(number)


def _sign_of(text: str) -> str:
    """The decimal sign that one number gives away, empty when it does not."""
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return "." if text.rindex(".") > text.rindex(",") else ","
    if points > 1:
        return ","
    if commas > 1:
        return "."
    mark = "." if points else "," if commas else ""
    if not mark:
        return ""
    before, after = text.split(mark)
    return mark if len(after) != 3 or not 1 <= len(before) <= 3 or before.startswith("0") else ""


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
