"""The columns of a comparison's table: a metric on both sides, how far it moved, and the word."""

from __future__ import annotations

from loadtui.report import comparison_numbers as numbers
from loadtui.report.comparison_text import endpoint_of, sign_of
from loadtui.store.comparison import Row
from loadtui.tui.text import Span, clean
from loadtui.tui.widgets.table import Column


def _word(row: Row) -> Span:
    return sign_of(row)


def _change(row: Row) -> Span:
    return numbers.change(row), sign_of(row)[1] if row.word != "unchanged" else "text"


COLUMNS: tuple[Column[Row], ...] = (
    Column("verdict", _word, 16, least=11),
    Column("stage", lambda row: (clean(row.stage), "text"), 5),
    Column("endpoint", lambda row: (clean(endpoint_of(row)), "strong"), 14, grows=1, middle=True),
    Column("metric", lambda row: (clean(row.metric), "text"), 10, least=7),
    Column("base", lambda row: (clean(numbers.value(row, row.base)), "dim"), 8, right=True),
    Column("now", lambda row: (clean(numbers.value(row, row.current)), "text"), 8, right=True),
    Column("change", _change, 8, right=True),
    Column("95 % interval", lambda row: (numbers.interval(row), "dim"), 20, right=True,
           from_width=110),
    Column("power", lambda row: (_power(row), "dim"), 27, from_width=160),
)  # fmt: skip


def _power(row: Row) -> str:
    """What could have been found: of a row that was tested."""
    return "" if row.mde90 is None else f"finds {numbers.moved(row, row.mde90)} 9 times in 10"
