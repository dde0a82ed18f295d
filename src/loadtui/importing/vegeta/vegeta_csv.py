"""vegeta's results as CSV without a head: `vegeta encode -to csv`.

The columns are the time in nanoseconds since 1970, the code, the latency in nanoseconds, bytes out
and in, the error, the body in base64, the attack, the number in it, and since 12.8 the method, the
URL and the headers in base64, as in `NewCSVEncoder` of lib/results.go.  Import this module where it
is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.sheet import rows_of
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource
from loadtui.importing.vegeta.vegeta_results import NS_PER_US, VegetaResult, VegetaResults

_NAME = "vegeta results (CSV)"
_WIDTHS = (9, 12)
_NUMBERS = ("the time", "the code", "the latency", "the bytes out", "the bytes in")
_LONGEST_NUMBER = 20
_NANOSECONDS = 16
"""Digits that a time has at least: milliseconds and microseconds have fewer."""


def _is_vegeta_csv(file: ResultFile) -> bool:
    return (
        len(file.head) in _WIDTHS
        and len(file.head[0]) >= _NANOSECONDS
        and all(cell.isascii() and cell.isdecimal() for cell in (*file.head[:5], file.head[8]))
    )


def read_vegeta_csv(path: Path) -> ImportSource:
    """The run that the results tell of.

    Raises UsageError for rows that are not whole, but for the last, which is told, and for numbers
    that cannot be.
    """
    results = VegetaResults(path, _NAME)
    remarks = []
    width = short = 0
    for line, cells in rows_of(path, ","):
        width = width or len(cells)
        if short or len(cells) > width:
            wrong = short or line
            raise UsageError(f"{path} line {wrong}: it has not the {width} columns of the first")
        if len(cells) < width:
            short = line
            continue
        try:
            results.add(_result(cells))
        except ValueError as error:
            raise UsageError(f"{path} line {line}: {error}") from None
    if short:
        remarks.append(f"line {short}, the last, is cut off and was left out")
    return results.source(remarks)


def _result(cells: Sequence[str]) -> VegetaResult:
    at_ns, code, latency_ns, _, bytes_in = (
        _number(cell, name) for cell, name in zip(cells, _NUMBERS, strict=False)
    )
    method, url = cells[9:11] if len(cells) > _WIDTHS[0] else ("", "")
    return VegetaResult(
        (at_ns + NS_PER_US // 2) // NS_PER_US,
        latency_ns,
        code,
        cells[5],
        bytes_in,
        cells[7],
        method,
        url,
    )


def _number(text: str, name: str) -> int:
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > _LONGEST_NUMBER:
        raise ValueError(f"{name} is {text[:40]!r}, which is no whole number")
    return int(text)


VEGETA_CSV = Reader(_NAME, _is_vegeta_csv, of_one(lambda file: read_vegeta_csv(file.path)))
