"""Lines of a text file, of which the last may be cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from loadtui.errors import UsageError
from loadtui.importing.files.text_file import open_text


class TextLine(NamedTuple):
    number: int
    """From 1 on."""
    text: str
    """Without its end."""
    is_whole: bool
    """Whether it had an end."""


def text_lines(path: Path, longest: int, what: str) -> Iterator[TextLine]:
    """Each line that is not blank; `what` is what a line ought to be.

    Memory does not grow with the file.  Raises UsageError as `open_text`, and for a line of more
    than `longest` characters.
    """
    with open_text(path) as file:
        number = 0
        while text := file.readline(longest + 1):
            number += 1
            if len(text) > longest:
                raise UsageError(f"{path} line {number}: it is too long to be {what}")
            line = text.rstrip("\r\n")
            if line.strip():
                yield TextLine(number, line, len(line) < len(text))
