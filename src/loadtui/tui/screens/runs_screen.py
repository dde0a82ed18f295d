"""The runs that were saved, and those that are running."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult

from loadtui.report.account.formatting import NOTHING, clock, count
from loadtui.tui.cells.run_cells import provenance_span, result_span, started_text
from loadtui.tui.cells.text import Line, Span, one_line
from loadtui.tui.keys.actions import ActionScope, bindings
from loadtui.tui.modals.choice import ChoiceAnswer, ChoiceDialog
from loadtui.tui.modals.export_prompt import export_prompt
from loadtui.tui.modals.promote_form import PromoteForm
from loadtui.tui.project.comparisons import Comparer, SideRef, run_ref
from loadtui.tui.project.run_rows import RunCatalog, RunRow
from loadtui.tui.screens.list_screen import ListScreen
from loadtui.tui.screens.navigation import (
    CompareRuns,
    HistoryOfRun,
    IssueOfRun,
    ReplayRun,
    WatchRun,
)
from loadtui.tui.widgets.footer import Footer
from loadtui.tui.widgets.row_table import RowTable, TableColumn
from loadtui.tui.widgets.too_small import TooSmall

_EMPTY = "nothing was run here yet"
_ORDERS: dict[str, Callable[[RunRow], Any] | None] = {
    "started": None,
    "plan": lambda run: run.plan,
    "result": lambda run: result_span(run)[0],
    "requests": lambda run: -(run.requests or 0),
    "length": lambda run: -(run.duration_s or 0.0),
}
"""None: as they come, newest first."""


class RunsScreen(ListScreen):
    """Enter opens a run, space selects it for a comparison."""

    SCOPE: ClassVar[ActionScope] = "runs"
    BINDINGS = bindings("runs")
    AGAIN_S = 3.0

    def __init__(self, catalog: RunCatalog, comparer: Comparer) -> None:
        super().__init__()
        self._catalog = catalog
        self._comparer = comparer
        self._runs: list[RunRow] = []
        self._selected: list[str] = []
        self._table: RowTable[RunRow] = RowTable(self._columns(), "reading …", id="runs")

    @property
    def table(self) -> RowTable[Any]:
        return self._table

    @property
    def orders(self) -> tuple[str, ...]:
        return tuple(_ORDERS)

    def compose(self) -> ComposeResult:
        yield TooSmall()
        yield self.title_line
        yield self._table
        yield Footer("runs")

    def read(self) -> None:
        self.ask(self._catalog.runs, self._take, busy="reading", group="read")

    def reread(self) -> None:
        self.ask(self._catalog.runs, self._take, busy="", group="read")

    def fill(self) -> None:
        order = self.orders[self.order]
        shown = [run for run in self._runs if run.holds(self.words)]
        key = _ORDERS[order]
        if key is not None:
            shown.sort(key=key)
        self._table.say_empty("no run holds these words" if self._runs else _EMPTY)
        self._table.show(shown, order=order, cursor=self._where(shown))
        self.title_line.show(self._title(len(shown)))

    def copyable_texts(self) -> list[tuple[str, str]]:
        run = self._table.current
        if run is None:
            return []
        figures = (
            f"{run.run}: {result_span(run)[0]}, {run.provenance}, {_requests(run)[0]} requests in "
            f"{_length(run)}"
        )
        return [("run id", run.run), ("path", str(run.folder)), ("figures", figures)]

    def on_row_table_chosen(self) -> None:
        self.action_open()

    # What a person wants.

    def action_open(self) -> None:
        run = self._table.current
        if run is None:
            self.app.bell()
        elif run.problem:
            self.refuse(run.problem)
        else:
            self.post_message((WatchRun if run.active else ReplayRun)(run.folder))

    def action_select(self) -> None:
        run = self._table.current
        if run is None:
            return
        if run.run in self._selected:
            self._selected.remove(run.run)
        else:
            # Of three the oldest choice goes.
            self._selected = [*self._selected, run.run][-2:]
        self._table.redraw()
        self.title_line.show(self._title(None))

    def action_compare_runs(self) -> None:
        chosen = [run for run in self._runs if run.run in self._selected]
        run = self._table.current
        if len(chosen) == 1 and run is not None and run not in chosen:
            chosen.append(run)
        if len(chosen) == 2:
            # The older one is what the newer one is compared with.
            base, later = sorted(chosen, key=lambda side: side.started)
            self.post_message(CompareRuns(run_ref(base), run_ref(later)))
        elif run is not None:

            def compare(sides: tuple[SideRef, SideRef]) -> None:
                self.post_message(CompareRuns(*sides))

            self.ask(
                lambda: self._comparer.against_baseline(run.folder),
                compare,
                busy="looking for its baseline",
                group="compare",
            )

    def action_promote(self) -> None:
        run = self._finished()
        if run is None:
            return

        def done(outcome: str | None) -> None:
            if outcome is not None:
                self.tell(outcome)
                self.read()

        self.app.push_screen(
            PromoteForm(run, lambda how: self._catalog.promote(run.folder, how)), done
        )

    def action_export(self) -> None:
        run = self._finished()
        if run is None:
            return

        def chosen(text: str | None) -> None:
            if text is not None:
                self.ask(
                    lambda: self._catalog.export(run.folder, Path(text.strip())),
                    self.tell,
                    busy="writing",
                    group="export",
                )

        self.app.push_screen(export_prompt(run.run, self._catalog.export_formats()), chosen)

    def action_history(self) -> None:
        run = self._finished()
        if run is not None:
            self.post_message(HistoryOfRun(run.folder))

    def action_issue(self) -> None:
        run = self._finished()
        if run is not None:
            self.post_message(IssueOfRun(run.folder))

    def action_delete(self) -> None:
        run = self._table.current
        if run is None:
            return
        if run.active:
            self.refuse(f"run {run.run} is still running: open it and stop it first")
            return

        def answered(answer: str | None) -> None:
            if answer == "delete":
                self.ask(
                    lambda: self._catalog.remove(run.folder),
                    lambda _: self.read(),
                    busy="removing",
                    group="remove",
                )

        remark = f"  Baseline {one_line(run.baseline)} keeps its figures." if run.baseline else ""
        self.app.push_screen(
            ChoiceDialog(
                f"Remove {one_line(run.run)} for good?",
                f"Its folder and everything measured in it will be gone.{remark}",
                (
                    ChoiceAnswer("delete", "y", "yes, remove it"),
                    ChoiceAnswer("", "n", "no, keep it"),
                ),
            ),
            answered,
        )

    # How it is done.

    def _take(self, runs: list[RunRow]) -> None:
        self._runs = runs
        there = {run.run for run in runs}
        self._selected = [run for run in self._selected if run in there]
        self.fill()

    def _where(self, shown: list[RunRow]) -> int | None:
        """ActionScope the run under the cursor has gone."""
        before = self._table.current
        if before is None:
            return None
        return next((at for at, run in enumerate(shown) if run.run == before.run), None)

    def _finished(self) -> RunRow | None:
        run = self._table.current
        if run is None:
            self.app.bell()
            return None
        if run.problem or run.active:
            self.refuse(run.problem or f"run {run.run} is still running: wait for its end")
            return None
        return run

    def _title(self, shown: int | None) -> Line:
        number = len(self._runs) if shown is None else shown
        of = f" of {len(self._runs)}" if number != len(self._runs) else ""
        filtered = f" · filter: {one_line(self.words)}" if self.words else ""
        line: list[Span] = [(" Runs", "strong"), (f" · {number}{of}{filtered}", "dim")]
        if self._selected:
            more = "c compares them" if len(self._selected) == 2 else "select another to compare"
            line.append((f" · {len(self._selected)} selected, {more}", "accent"))
        return line

    def _columns(self) -> tuple[TableColumn[RunRow], ...]:
        return (
            TableColumn("", lambda run: ("*" if run.run in self._selected else "", "accent"), 1),
            TableColumn("started", lambda run: (started_text(run.began) or NOTHING, "dim"), 16),
            TableColumn("plan", _plan, 12, grows=2),
            TableColumn("run", lambda run: (one_line(run.run), "text"), 22, grows=3, from_width=130,
                   middle=True),
            TableColumn("result", result_span, 14),
            TableColumn("numbers", lambda run: provenance_span(run.provenance), 9),
            TableColumn(
                "length", lambda run: (_length(run), "text"), 8,
                   right=True, from_width=90),
            TableColumn("requests", _requests, 11, right=True),
            TableColumn("baseline", _baseline, 14, grows=1, from_width=110),
        )  # fmt: skip


def _plan(run: RunRow) -> Span:
    if run.problem:
        return one_line(run.problem), "bad"
    return one_line(run.plan), "strong"


def _length(run: RunRow) -> str:
    if run.problem:
        return ""
    return NOTHING if run.duration_s is None else clock(run.duration_s)


def _requests(run: RunRow) -> Span:
    if run.problem or run.active:
        return "", "text"
    return (NOTHING if run.requests is None else count(run.requests)), "text"


def _baseline(run: RunRow) -> Span:
    return (f"◆ {one_line(run.baseline)}" if run.baseline else ""), "good"
