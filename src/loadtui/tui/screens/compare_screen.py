"""Two runs, or a run and a baseline, side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual.app import ComposeResult

from loadtui.plurals import counted
from loadtui.report.account.compared_rows import row_detail, row_endpoint
from loadtui.report.account.verdict_words import comparison_wording
from loadtui.samples.estimate import NO_ENDPOINT, TOTAL
from loadtui.store.comparison import VERDICT_WORDS, ComparisonRow, changed_rows
from loadtui.tui.cells.run_cells import provenance_span
from loadtui.tui.cells.text import Line, Span, one_line
from loadtui.tui.chart.comparison_curves import BASE, RUN
from loadtui.tui.chart.markers import Marker
from loadtui.tui.keys.actions import ActionScope, bindings
from loadtui.tui.modals.pick_dialog import PickDialog
from loadtui.tui.modals.text_view import TextView
from loadtui.tui.project.comparisons import (
    Comparer,
    ComparisonCurves,
    ComparisonResult,
    SideCandidate,
    SideRef,
)
from loadtui.tui.screens.list_screen import ListScreen
from loadtui.tui.widgets.comparison_rows import COLUMNS
from loadtui.tui.widgets.footer import Footer
from loadtui.tui.widgets.paragraph import Paragraph
from loadtui.tui.widgets.row_table import RowTable
from loadtui.tui.widgets.side_by_side import SideBySide
from loadtui.tui.widgets.too_small import TooSmall

_NOTHING = "nothing to compare yet: promote a run, or make two runs of a plan; b and n pick"
_UNCHANGED = "nothing changed; a shows all metrics"
_GRAVITY = {word: at for at, word in enumerate(VERDICT_WORDS)}
_ORDERS: dict[str, Callable[[ComparisonRow], Any]] = {
    "verdict": lambda row: (row.status != "fail", _GRAVITY[row.word], -abs(row.change or 0.0)),
    "change": lambda row: -abs(row.change or 0.0),
    "endpoint": lambda row: (row.endpoint, row.stage, row.metric),
    "metric": lambda row: (row.metric, row.stage, row.endpoint),
}
_ZOOMS = ("", "-charts-only", "-table-only")
_FACTS_AT_ONCE = 12


class CompareScreen(ListScreen):
    """The verdict, every metric on both sides, and the curves of the one under the cursor."""

    SCOPE: ClassVar[ActionScope] = "compare"
    BINDINGS = bindings("compare")

    def __init__(self, comparer: Comparer, *, marker: Marker = "braille") -> None:
        super().__init__()
        self._comparer = comparer
        self._sides: tuple[SideRef, SideRef] | None = None
        self._result: ComparisonResult | None = None
        self._everything = False
        self._any_load = False
        self._zoom = 0
        self._drawn_of: tuple[str, str] | None = None
        self._sides_line = Paragraph(id="sides")
        self._facts = Paragraph(id="facts", rest="i shows all")
        self._of = Paragraph(id="of")
        self._table: RowTable[ComparisonRow] = RowTable(COLUMNS, "reading …", id="rows")
        self._charts = SideBySide(marker)

    @property
    def table(self) -> RowTable[Any]:
        return self._table

    @property
    def orders(self) -> tuple[str, ...]:
        return tuple(_ORDERS)

    def compose(self) -> ComposeResult:
        yield TooSmall()
        yield self.title_line
        yield self._sides_line
        yield self._facts
        yield self._table
        yield self._of
        yield self._charts
        yield Footer("compare")

    def on_screen_resume(self) -> None:
        if self._result is None:
            self.read()

    def read(self) -> None:
        sides, any_load = self._sides, self._any_load

        def work() -> ComparisonResult | None:
            chosen = sides or self._comparer.suggestion()
            return None if chosen is None else self._comparer.compare(*chosen, any_load)

        def refused(reason: str) -> None:
            self._result = None
            self._sides_line.show([])
            self._facts.show([[(f" ✗ {one_line(reason)}", "bad")]])
            self._table.say_empty("b picks another base, n another run, x swaps them")
            self._table.show(())

        self.ask(work, self._take, busy="comparing", group="compare", refused=refused)

    def show(self, base: SideRef, run: SideRef) -> None:
        """Compare these from now on."""
        self._sides = (base, run)
        self._table.say_empty("comparing …")
        self._table.show((), cursor=0)
        if self.is_mounted:
            self.read()

    def fill(self) -> None:
        result = self._result
        if result is None:
            self._table.say_empty(_NOTHING)
            self._table.show(())
            self.title_line.show([(" Compare", "strong")])
            return
        rows = result.comparison.rows
        words = self.words.casefold().split()
        shown = [
            row
            for row in (rows if self._everything else changed_rows(rows))
            if all(w in f"{row.stage} {row.endpoint} {row.metric} {row.word}".casefold()
                   for w in words)
        ]  # fmt: skip
        order = self.orders[self.order]
        shown.sort(key=_ORDERS[order])
        self._table.say_empty("no metric holds these words" if words else _UNCHANGED)
        self._table.want(len(shown) + 1)
        self._table.show(shown, order=order)
        filtered = f" · filter: {one_line(self.words)}" if self.words else ""
        what = "changed or named" if any(row.named for row in shown) else "changed"
        what = "metrics" if self._everything else what
        number = (f" · {len(shown)} {what} of {len(rows)}{filtered}", "dim")
        self.title_line.show([*_verdict(result), number])
        self._draw()

    def copyable_texts(self) -> list[tuple[str, str]]:
        result = self._result
        if result is None:
            return []
        word = comparison_wording(result.comparison)[0]
        return [
            ("verdict", f"{word}: {result.run.name} against {result.base.name}"),
            ("run", result.run.name),
            ("path of the run", str(result.run.path)),
            ("base", result.base.name),
        ]

    def on_row_table_moved(self) -> None:
        self._draw()

    def on_row_table_chosen(self) -> None:
        self.action_zoom()

    # What a person wants.

    def action_all_rows(self) -> None:
        self._everything = not self._everything
        self.fill()

    def action_any_load(self) -> None:
        self._any_load = not self._any_load
        self.tell(
            "runs of another load are compared all the same" if self._any_load
            else "only runs of the same load are compared"
        )  # fmt: skip
        self.read()

    def action_swap(self) -> None:
        if self._sides is None:
            self.app.bell()
        elif self._sides[0].kind == "baseline":
            self.refuse("a baseline is always the base: pick a run as the base to swap sides")
        else:
            base, run = self._sides
            self.show(run, base)

    def action_pick_base(self) -> None:
        self._pick("Compare with", lambda ref: (ref, self._sides[1] if self._sides else ref))

    def action_pick_run(self) -> None:
        self._pick(
            "Judge this run",
            lambda ref: (self._sides[0] if self._sides else ref, ref),
            runs_only=True,
        )

    def action_next_chart(self) -> None:
        self._charts.turn()

    def action_zoom(self) -> None:
        self._zoom = (self._zoom + 1) % len(_ZOOMS)
        for name in _ZOOMS[1:]:
            self.set_class(name == _ZOOMS[self._zoom], name)

    def action_facts(self) -> None:
        if self._result is None:
            self.app.bell()
            return
        sides = (
            f" base  {one_line(self._result.base.name)}",
            f" run   {one_line(self._result.run.name)}",
        )
        lines: list[Line] = [[(side, "text")] for side in sides]
        self.app.push_screen(
            TextView("What else there is to know", [*lines, *_facts(self._result)])
        )

    # How it is done.

    def _take(self, result: ComparisonResult | None) -> None:
        self._result = result
        self._drawn_of = None
        self._charts.clear()
        if result is not None:
            self._sides = (result.base, result.run)
            self._sides_line.show([_legend(result)])
            self._facts.show(_facts(result)[:_FACTS_AT_ONCE])
        self.fill()

    def _pick(
        self,
        title: str,
        sides: Callable[[SideRef], tuple[SideRef, SideRef]],
        runs_only: bool = False,
    ) -> None:
        def picked(ref: SideRef | None) -> None:
            if ref is not None:
                self.show(*sides(ref))

        def offer(candidates: list[SideCandidate]) -> None:
            offered = [side for side in candidates if not runs_only or side.ref.kind == "run"]
            self.app.push_screen(PickDialog(title, offered), picked)

        self.ask(self._comparer.candidates, offer, busy="reading", group="candidates")

    def _draw(self) -> None:
        """Show the curves of the row under the cursor."""
        row, result = self._table.current, self._result
        if row is None or result is None:
            self._of.show([])
            self._charts.clear()
            return
        self._of.show([_chosen(row)])
        if result.comparison.base.provenance != result.comparison.current.provenance:
            # Kinds of numbers never share an axis.
            self._charts.clear()
            return
        self._charts.look_at(row.metric)
        if self._drawn_of == (row.stage, row.endpoint):
            return
        self._drawn_of = (row.stage, row.endpoint)
        endpoint = None if row.endpoint in (TOTAL, NO_ENDPOINT) else row.endpoint

        def drawn(curves: ComparisonCurves) -> None:
            self._charts.show(curves)

        self.ask(
            lambda: self._comparer.draw(result, row.stage, endpoint),
            drawn,
            busy="drawing",
            group="draw",
        )


def _chosen(row: ComparisonRow) -> Line:
    line: list[Span] = [
        (" ▸ ", "accent"),
        (one_line(row_endpoint(row)), "strong"),
        (f" · stage {one_line(row.stage)} · {one_line(row.metric)}", "dim"),
    ]
    if detail := row_detail(row):
        line.append((f" · {one_line(detail)}", "dim"))
    return line


def _verdict(result: ComparisonResult) -> list[Span]:
    """The word on the whole, of which kind of numbers and which plan."""
    verdict = comparison_wording(result.comparison)
    side = result.comparison.current
    kind = provenance_span(side.provenance)
    return [
        (f" {verdict.explained} ", f"on-{verdict.tone}"),
        (" ", "text"),
        kind,
        (f" · {one_line(side.plan)}", "dim"),
    ]


def _legend(result: ComparisonResult) -> Line:
    """Which side is which, in the colours of their curves."""
    sides = result.comparison
    base = one_line(result.base.name)
    if result.base.kind == "baseline":
        base += f" (baseline of {counted(len(sides.base.runs), 'run')})"
    if sides.base.provenance != sides.current.provenance:
        base += f", {one_line(sides.base.provenance)}"
    return [
        (" ━ run ", RUN), (one_line(result.run.name), "text"),
        ("  ━ base ", BASE), (base, "text"),
    ]  # fmt: skip


def _facts(result: ComparisonResult) -> list[Line]:
    """What fails by itself, what a reader has to know, new errors, and what differs."""
    comparison = result.comparison
    lines: list[Line] = [[(f" ✗ {one_line(failure)}", "bad")] for failure in comparison.failures]
    if result.new_errors:
        lines += [[(f" + new error {one_line(error)}", "bad")] for error in result.new_errors]
    lines += [[(f" ! {one_line(remark)}", "warn")] for remark in comparison.remarks]
    lines += [[(f" ≠ {one_line(difference)}", "dim")] for difference in comparison.differences]
    return lines
