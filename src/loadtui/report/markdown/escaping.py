"""Text that others wrote, put into Markdown so that it stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from loadtui.printable_text import visible_text
from loadtui.report.account.shortening import shorten

LONGEST_NAME = 300
"""Cells of a name or message that are shown; longer ones lose their middle."""

_BACKTICKS = re.compile(r"`+")
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&|~$#]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_STARTS_A_BLOCK = re.compile(r"^(?=[-+=]|\d+[.)])")
_LINKING = re.compile(r"(?<=@)(?=\w)|(?<=#)(?=\d)|(?<=GH-)(?=\d)", re.IGNORECASE)
"""Where GitHub would see a mention, an address or an issue in plain text."""
_BREAK = "\u200b"


def code_span(text: str) -> str:
    """The text as a code span, in which nothing is Markdown or HTML and no one is mentioned."""
    shown = shorten(visible_text(text), LONGEST_NAME)
    if not shown:
        return ""
    longest = max((len(run) for run in _BACKTICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    # Markdown takes one space from each end, unless there is nothing else.
    if shown.strip() and (shown[0] in "` " or shown[-1] in "` "):
        shown = f" {shown} "
    return f"{fence}{shown}{fence}"


def escaped_text(text: str) -> str:
    """The text as text: every character that could mean something to Markdown escaped."""
    linkless = _LINKING.sub(_BREAK, shorten(visible_text(text), LONGEST_NAME * 3))
    return _SPECIAL.sub(lambda match: _ENTITIES.get(match[0], f"\\{match[0]}"), linkless)


def list_item(text: str) -> str:
    """A list's item of plain text, which cannot begin a list or a heading of its own."""
    return f"- {_STARTS_A_BLOCK.sub(_BREAK, escaped_text(text).lstrip())}"


def markdown_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, right: int = 0
) -> list[str]:
    """Lines of a table whose last `right` columns are numbers; cells are Markdown already."""
    marks = ["---"] * (len(head) - right) + ["---:"] * right
    return [_row(head), _row(marks), *(_row([_cell(cell) for cell in row]) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """A bar ends a cell even within a code span; the backslash before it goes with the cell."""
    return text.replace("|", "\\|")
