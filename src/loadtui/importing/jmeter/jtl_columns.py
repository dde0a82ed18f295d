"""Samples of a JMeter results file as columns, many at a time.

Files of ordinary shape hold plain digits and the same few names over and over.  Reading such
columns as a whole takes a fraction of the time that it takes row by row.  Where not all is plain,
there are no columns, and the rows are read one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from loadtui.importing.files.text_file import clean_text

MOST_DIGITS = 15
"""Of a time stamp, a size or a number of users."""
ELAPSED_DIGITS = 12


class JtlColumns(NamedTuple):
    """As many samples as each column is long; a column that is None holds none."""

    stamps_ms: Sequence[int]
    elapsed_ms: Sequence[int]
    labels: Sequence[str]
    ok: Sequence[bool]
    threads: Sequence[str] | None
    bytes: Sequence[int | None] | None
    users: Sequence[int | None] | None
    errors: Mapping[int, str]
    """By their place what is said of failed samples."""
    inside: Sequence[int | None] | None
    """Of transactions how many samples they say are in them."""


def plain_numbers(texts: Sequence[str], digits: int = MOST_DIGITS) -> list[int] | None:
    """The numbers, if all of these are of digits alone, and of no more than `digits`."""
    if not all(texts) or not "".join(texts).isdecimal() or max(map(len, texts)) > digits:
        return None
    return list(map(int, texts))


def clean_texts(texts: Sequence[str]) -> Sequence[str]:
    """Each as `clean_text` makes it."""
    return texts if "".join(texts).isascii() else [clean_text(text) for text in texts]
