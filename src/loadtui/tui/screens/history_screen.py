"""How the metrics of a plan went from run to run, and since when they have another level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from loadtui.plurals import counted
from loadtui.report.account.compared_rows import endpoint_text
from loadtui.report.text.history_text import (
    ASCII_BARS,
    BARS,
    changed_or_total,
    level_change_text,
    newest_text,
    sparkline,
)
from loadtui.report.text.text_table import wrapped
from loadtui.tui.cells.run_cells import provenance_span, started_text
from loadtui.tui.cells.text import Line, Span, one_line
from loadtui.tui.keys.actions import ActionScope, bindings
from loadtui.tui.modals.text_view import TextView
from loadtui.tui.project.histories import HistoryReader
from loadtui.tui.screens.list_screen import ListScreen
from loadtui.tui.widgets.footer import Footer
from loadtui.tui.widgets.paragraph import Paragraph
from loadtui.tui.widgets.row_table import RowTable, TableColumn
from loadtui.tui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from loadtui.verdict.plan_history import HistoryRun, LevelChange, MetricHistory, PlanHistory


def _gravity(history: MetricHistory) -> int:
    """What became worse first, then what changed otherwise, then the totals."""
    if history.changes:
        return 0 if history.changes[-1].worse else 1
    return 2 if changed_or_total(history) else 3


_ORDERS: dict[str, Callable[[MetricHistory], Any] | None] = {
    "changed": _gravity,
    "stage": None,
    "endpoint": lambda history: (history.key.endpoint, history.key.metric),
    "metric": lambda history: (history.key.metric, history.key.endpoint),
}
"""None: as they come, by the order of the stages."""
_MOST_BARS, _FEWEST_BARS = 40, 12
_BESIDE_BARS = 72
"""Cells that the other columns need."""


class HistoryScreen(ListScreen):
    """A row a metric, what changed first; below the table what is known of the one under the
    cursor."""

    SCOPE: ClassVar[ActionScope] = "history"
    BINDINGS = bindings("history")

    def __init__(self, reader: HistoryReader, folder: Path) -> None:
        super().__init__()
        self._reader = reader
        self._folder = folder
        self._history: PlanHistory | None = None
        self._started: dict[str, str] = {}
        self._everything = False
        self._runs = Paragraph(id="history-runs")
        self._of = Paragraph(id="of")
        self._table: RowTable[MetricHistory] = RowTable(
            self._columns(_FEWEST_BARS), "reading …", id="history"
        )

    @property
    def table(self) -> RowTable[Any]:
        return self._table

    @property
    def orders(self) -> tuple[str, ...]:
        return tuple(_ORDERS)

    def compose(self) -> ComposeResult:
        yield TooSmall()
        yield self.title_line
        yield self._runs
        yield self._table
        yield self._of
        yield Footer("history")

    def on_mount(self) -> None:
        self.title_line.show([(" History", "strong"), (f" · {one_line(self._folder.name)}", "dim")])

    def on_screen_resume(self) -> None:
        if self._history is None:
            self.read()

    def on_resize(self) -> None:
        if self._history is not None:
            self.fill()

    def read(self) -> None:
        def refused(reason: str) -> None:
            self.app.notify(one_line(reason), severity="error", timeout=10, markup=False)
            self.dismiss()

        self.ask(
            lambda: self._reader.history(self._folder),
            self._take,
            busy="reading all runs of this load",
            group="history",
            refused=refused,
        )

    def fill(self) -> None:
        plan_history = self._history
        if plan_history is None:
            return
        words = self.words.casefold().split()
        shown = [
            history
            for history in plan_history.metrics
            if (self._everything or changed_or_total(history))
            and all(w in " ".join(map(str, history.key)).casefold() for w in words)
        ]
        order = self.orders[self.order]
        key = _ORDERS[order]
        if key is not None:
            shown.sort(key=key)
        room = self.size.width - _BESIDE_BARS
        self._table.use(self._columns(max(_FEWEST_BARS, min(_MOST_BARS, room))))
        self._table.say_empty(_nothing(plan_history, words))
        self._table.show(shown, order=order)
        self.title_line.show(_title(plan_history, len(shown), self.words))
        self._runs.show(_runs(plan_history, self.size.width))
        self._draw()

    def copyable_texts(self) -> list[tuple[str, str]]:
        history = self._table.current
        if history is None:
            return []
        key = history.key
        figures = f"{key.stage} {endpoint_text(key.endpoint)} {key.metric}: {newest_text(history)}"
        changes = [(f"run of the change {_share(history, change)[0]}", change.run)
                   for change in reversed(history.changes)]  # fmt: skip
        return [("figures", figures), *changes]

    def on_row_table_moved(self) -> None:
        self._draw()

    # What a person wants.

    def action_all_rows(self) -> None:
        self._everything = not self._everything
        self.fill()

    def action_facts(self) -> None:
        if self._history is None:
            self.app.bell()
            return
        lines = [_run_line(run) for run in reversed(self._history.runs)]
        lines += [[(f"left out: {one_line(why)}", "dim")] for why in self._history.left_out]
        self.app.push_screen(TextView("Runs of the same load, newest first", lines))

    def action_leave_history(self) -> None:
        self.dismiss()

    # How it is done.

    def _take(self, plan_history: PlanHistory) -> None:
        self._history = plan_history
        self._started = {run.run: run.started for run in plan_history.runs}
        self.fill()

    def _draw(self) -> None:
        """Tell of the metric under the cursor."""
        history = self._table.current
        if history is None:
            self._of.show([])
            return
        key = history.key
        lines: list[Line] = [[
            (" ▸ ", "accent"),
            (one_line(endpoint_text(key.endpoint)), "strong"),
            (f" · stage {one_line(key.stage)} · {one_line(key.metric)}", "dim"),
            (f" · {newest_text(history)}", "dim"),
        ]]  # fmt: skip
        for change in reversed(history.changes):
            started = self._started.get(change.run, "")
            share, style = _share(history, change)
            since = (f" since {one_line(change.run)}", "text")
            lines.append([(f"   {share}", style), since, (f" · {started_text(started)}", "dim")])
        if not history.changes:
            lines.append([("   no change that lasts", "dim")])
        self._of.show(lines)

    def _columns(self, bars: int) -> tuple[TableColumn[MetricHistory], ...]:
        """The columns, the sparkline of them `bars` cells wide."""

        def drawn(history: MetricHistory) -> Span:
            signs = ASCII_BARS if self.app.has_class("-ascii") else BARS
            return sparkline(history.values[-bars:], signs), "accent"

        def last_change(history: MetricHistory) -> Span:
            return _share(history, history.changes[-1]) if history.changes else ("", "dim")

        def since(history: MetricHistory) -> Span:
            last = history.changes[-1].run if history.changes else ""
            return started_text(self._started.get(last, "")), "dim"

        return (
            TableColumn("stage", lambda row: (one_line(row.key.stage), "dim"), 7, least=4),
            TableColumn(
                "endpoint", lambda row: (one_line(endpoint_text(row.key.endpoint)), "strong"), 10,
                grows=1, middle=True),
            TableColumn("metric", lambda row: (one_line(row.key.metric), "text"), 10),
            TableColumn("history", drawn, bars),
            TableColumn("newest", lambda row: (newest_text(row), "text"), 9, right=True),
            TableColumn("changed", last_change, 10),
            TableColumn("since", since, 16, from_width=100),
        )  # fmt: skip


def _nothing(plan_history: PlanHistory, words: Sequence[str]) -> str:
    """Why no metric is shown."""
    if words:
        return "no metric holds these words"
    if plan_history.metrics:
        return "no total is known and nothing changed; a shows all endpoints"
    return "nothing was measured"


def _share(history: MetricHistory, change: LevelChange) -> Span:
    sign, style = ("!", "warn") if change.worse else ("✓", "good")
    return f"{sign} {level_change_text(history.quantity, change)}", style


def _title(plan_history: PlanHistory, shown: int, words: str) -> Line:
    runs = f"{counted(len(plan_history.runs), 'run')} of the same load"
    filtered = f" · filter: {one_line(words)}" if words else ""
    return [
        (" History ", "strong"), (one_line(plan_history.plan), "strong"), (" ", "text"),
        provenance_span(plan_history.provenance),
        (f" · {runs} · {shown} of {len(plan_history.metrics)} metrics{filtered}", "dim"),
    ]  # fmt: skip


def _runs(plan_history: PlanHistory, width: int) -> list[Line]:
    """Which runs are the baseline, and that some were left out."""
    promoted = [one_line(run.run) for run in plan_history.runs if run.promoted]
    text = f"baseline: {', '.join(promoted)}" if promoted else "no run of it is in a baseline"
    lines: list[Line] = [
        [(part, "good" if promoted else "dim")]
        for part in wrapped(text, max(40, width - 1), " ◆ " if promoted else "   ")
    ]
    if left := len(plan_history.left_out):
        lines.append([(f"   {left} not counted; i says which and why", "dim")])
    return lines


def _run_line(run: HistoryRun) -> Line:
    baseline = "  baseline" if run.promoted else ""
    commit = f"  {one_line(run.commit)}" if run.commit else ""
    return [(f"{started_text(run.started)}  {one_line(run.run)}{commit}{baseline}", "text")]
