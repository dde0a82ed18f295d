"""What can be run, and what is known of each plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult

from loadtui.tui.cells.run_cells import provenance_span, result_span, started_text
from loadtui.tui.cells.text import Line, Span, one_line
from loadtui.tui.keys.actions import ActionScope, bindings
from loadtui.tui.modals.start_form import StartForm
from loadtui.tui.project.plan_edits import PlanEdits
from loadtui.tui.project.plan_rows import PlanCatalog, PlanRow
from loadtui.tui.screens.list_screen import ListScreen
from loadtui.tui.screens.navigation import ReplayRun, WatchRun
from loadtui.tui.widgets.footer import Footer
from loadtui.tui.widgets.paragraph import Paragraph
from loadtui.tui.widgets.row_table import RowTable, TableColumn
from loadtui.tui.widgets.too_small import TooSmall

_EMPTY = "no plans here: put a plan into scenarios/, or a locustfile.py here"
_ORDERS = ("plan", "last run")


class PlansScreen(ListScreen):
    """Enter starts the plan under the cursor; below the table is what is known of it."""

    SCOPE: ClassVar[ActionScope] = "plans"
    BINDINGS = bindings("plans")
    AGAIN_S = 3.0

    def __init__(self, catalog: PlanCatalog) -> None:
        super().__init__()
        self._catalog = catalog
        self._plans: list[PlanRow] = []
        self._starting = False
        self._table: RowTable[PlanRow] = RowTable(_COLUMNS, "reading …", id="plans")
        self._details = Paragraph(id="details")
        self._checked: dict[Path, Span] = {}

    @property
    def table(self) -> RowTable[Any]:
        return self._table

    @property
    def orders(self) -> tuple[str, ...]:
        return _ORDERS

    def compose(self) -> ComposeResult:
        yield TooSmall()
        yield self.title_line
        yield self._table
        yield self._details
        yield Footer("plans")

    def read(self) -> None:
        self.ask(self._catalog.plans, self._take, busy="reading", group="read")

    def reread(self) -> None:
        self.ask(self._catalog.plans, self._take, busy="", group="read")

    def fill(self) -> None:
        words = self.words.casefold().split()
        shown = [p for p in self._plans if all(w in p.name.casefold() for w in words)]
        if _ORDERS[self.order] == "last run":
            shown.sort(key=lambda plan: plan.last.started if plan.last else "", reverse=True)
        self._table.say_empty("no plan holds these words" if self._plans else _EMPTY)
        self._table.want(max(2, len(shown) + 1))
        self._table.show(shown, order=_ORDERS[self.order], cursor=self._where(shown))
        filtered = f" · filter: {one_line(self.words)}" if self.words else ""
        self.title_line.show([(" Plans", "strong"), (f" · {len(shown)}{filtered}", "dim")])
        self._tell_details()

    def copyable_texts(self) -> list[tuple[str, str]]:
        plan = self._table.current
        return [] if plan is None else [("path of the plan", str(plan.path))]

    def on_row_table_moved(self) -> None:
        self._tell_details()

    def on_row_table_chosen(self) -> None:
        self.action_start()

    # What a person wants.

    def action_start(self) -> None:
        plan = self._startable()
        if plan is not None:
            self._start(plan, None)

    def action_start_changed(self) -> None:
        plan = self._startable()
        if plan is None:
            return

        def chosen(changes: PlanEdits | None) -> None:
            if changes is not None:
                self._start(plan, changes)

        self.app.push_screen(StartForm(plan), chosen)

    def action_check(self) -> None:
        plan = self._table.current
        if plan is None:
            return

        def checked(sign: Span) -> None:
            self._checked[plan.path] = sign
            self._tell_details()

        self.ask(
            lambda: self._catalog.check(plan.path),
            lambda sentence: checked((f"✓ {one_line(sentence)}", "good")),
            busy=f"checking {one_line(plan.name)}",
            group="check",
            refused=lambda reason: checked((f"✗ {one_line(reason)}", "bad")),
        )

    def action_last_run(self) -> None:
        plan = self._table.current
        if plan is None or plan.last is None:
            self.app.bell()
        elif plan.last.active:
            self.post_message(WatchRun(plan.last.folder))
        else:
            self.post_message(ReplayRun(plan.last.folder))

    # How it is done.

    def _take(self, plans: list[PlanRow]) -> None:
        self._plans = plans
        self.fill()

    def _where(self, shown: list[PlanRow]) -> int | None:
        """ActionScope the plan under the cursor has gone."""
        before = self._table.current
        if before is None:
            return None
        return next((at for at, plan in enumerate(shown) if plan.path == before.path), None)

    def _startable(self) -> PlanRow | None:
        plan = self._table.current
        if plan is None or self._starting:
            self.app.bell()
            return None
        if plan.problem:
            self.refuse(plan.problem)
            return None
        return plan

    def _start(self, plan: PlanRow, changes: PlanEdits | None) -> None:
        def started(folder: Path) -> None:
            self._starting = False
            self.post_message(WatchRun(folder))

        def refused(reason: str) -> None:
            self._starting = False
            self.refuse(reason)

        self._starting = True
        self.ask(
            lambda: self._catalog.start(plan.path, changes),
            started,
            busy=f"starting {one_line(plan.name)}",
            group="start",
            refused=refused,
        )

    def _tell_details(self) -> None:
        plan = self._table.current
        lines = [] if plan is None else _details(plan)
        if plan is not None and plan.path in self._checked:
            lines.append([(" check      ", "dim"), self._checked[plan.path]])
        self._details.show(lines)


def _known(plan: PlanRow) -> Span:
    if plan.problem:
        return f"✗ {one_line(plan.problem)}", "bad"
    if plan.known == "baseline":
        broken = plan.baseline.startswith("✗")
        return f"◆ baseline {one_line(plan.baseline)}", "bad" if broken else "good"
    if plan.known == "never run":
        return "– never run", "dim"
    stale = ", stale" if plan.stale else ""
    return f"● {plan.known}{stale}", "text" if plan.known == "measured" else "warn"


def _verdict(plan: PlanRow) -> Span:
    return ("", "dim") if plan.last is None else result_span(plan.last)


_COLUMNS: tuple[TableColumn[PlanRow], ...] = (
    TableColumn("plan", lambda plan: (one_line(plan.name), "strong"), 12, grows=2),
    TableColumn("load", lambda plan: (one_line(plan.load), "text"), 26, grows=1, from_width=110),
    TableColumn("known", _known, 27, grows=2),
    TableColumn("last", _verdict, 14),
    TableColumn(
        "last run", lambda plan: (started_text(plan.last.began) if plan.last else "", "dim"), 16,
           from_width=76),
    TableColumn("runs", lambda plan: (str(plan.runs), "dim"), 5, right=True, from_width=100),
)  # fmt: skip


def _details(plan: PlanRow) -> list[Line]:
    lines: list[Line] = [
        [("", "text")],
        [(" file       ", "dim"), (one_line(str(plan.path)), "text")],
    ]
    if plan.problem:
        return [*lines, [(" problem    ", "dim"), (f"✗ {one_line(plan.problem)}", "bad")]]
    stages = "  ".join(f"{s.name} {s.users} users {s.duration}" for s in plan.stages)
    lines.append([(" load       ", "dim"), (one_line(stages or plan.load), "text")])
    if plan.host:
        lines.append([(" target     ", "dim"), (one_line(plan.host), "text")])
    if plan.checks:
        lines.append([(" must meet  ", "dim"), (one_line("  ".join(plan.checks)), "text")])
    if plan.baseline:
        lines.append([(" baseline   ", "dim"), (one_line(plan.baseline), "text")])
    if plan.last is not None:
        text, style = result_span(plan.last)
        kind, look = provenance_span(plan.last.provenance)
        lines.append(
            [(" last run   ", "dim"), (one_line(plan.last.run), "text"), (f"  {text}", style),
             (f"  {kind}", look)]
        )  # fmt: skip
    return lines
