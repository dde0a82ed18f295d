"""The columns of a comparison's table: a metric on both sides, how far it moved, and the word."""

from __future__ import annotations

from loadtui.report.account import comparison_formatting as numbers
from loadtui.report.text.comparison_text import endpoint_of, sign_of
from loadtui.store.comparison import ComparisonRow
from loadtui.tui.cells.text import Span, one_line
from loadtui.tui.widgets.row_table import TableColumn


def _word(row: ComparisonRow) -> Span:
    return sign_of(row)


def _change(row: ComparisonRow) -> Span:
    return numbers.change_text(row), sign_of(row)[1] if row.word != "unchanged" else "text"


COLUMNS: tuple[TableColumn[ComparisonRow], ...] = (
    TableColumn("verdict", _word, 16, least=11),
    TableColumn("stage", lambda row: (one_line(row.stage), "text"), 5),
    TableColumn("endpoint", lambda row: (one_line(endpoint_of(row)), "strong"), 14, grows=1,
                middle=True),
    TableColumn("metric", lambda row: (one_line(row.metric), "text"), 10, least=7),
    TableColumn("base", lambda row: (one_line(numbers.value_text(row, row.base)), "dim"), 8,
                right=True),
    TableColumn("now", lambda row: (one_line(numbers.value_text(row, row.current)), "text"), 8,
                right=True),
    TableColumn("change", _change, 8, right=True),
    TableColumn("95 % interval", lambda row: (numbers.interval_text(row), "dim"), 20, right=True,
           from_width=110),
    TableColumn("power", lambda row: (_power(row), "dim"), 27, from_width=160),
)  # fmt: skip


def _power(row: ComparisonRow) -> str:
    """What could have been found: of a row that was tested."""
    return "" if row.mde90 is None else f"finds {numbers.moved_text(row, row.mde90)} 9 times in 10"
