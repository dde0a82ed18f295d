"""Where the workbench opens: what can be run, and what was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from loadtui.errors import UsageError
from loadtui.tui.actions import Where, bindings
from loadtui.tui.desk import Desk, PlanEntry, RunEntry
from loadtui.tui.screens.summary import Summary
from loadtui.tui.text import clean, fit
from loadtui.tui.widgets.footer import Footer
from loadtui.tui.widgets.toosmall import TooSmall

_VERDICTS = {
    "pass": ("✓ pass", "$success"),
    "fail": ("✗ FAIL", "$error"),
    "invalid": ("! invalid", "$warning"),
}

_ROOMY = 90
"""Columns from which a run's length has room beside the rest."""


class Home(Screen[None]):
    """Two lists; enter starts a plan, opens a run's report, or joins a run that goes on."""

    PLACE: ClassVar[Where] = "home"
    BINDINGS = bindings("home")

    def __init__(self, desk: Desk, open_run: Callable[[Path], None]) -> None:
        super().__init__()
        self._desk = desk
        self._open_run = open_run
        self._plans: list[PlanEntry] = []
        self._runs: list[RunEntry] = []
        self._starting = False

    def compose(self) -> ComposeResult:
        yield TooSmall()
        yield Static(" loadtui", id="title", markup=False)
        yield Static(" Plans", classes="head", markup=False)
        yield OptionList(id="plans")
        yield Static(" Runs", classes="head", markup=False)
        yield OptionList(id="runs")
        yield Footer("home")

    def on_mount(self) -> None:
        self.query_one("#plans", OptionList).focus()

    def on_screen_resume(self) -> None:
        self.action_refresh()

    def on_resize(self) -> None:
        self._fill()

    # What a person wants.

    def action_refresh(self) -> None:
        self.run_worker(self._read, thread=True, exclusive=True, group="read")

    def action_other_list(self) -> None:
        self.focus_next(OptionList)

    def action_start(self) -> None:
        focused = self.focused
        if isinstance(focused, OptionList):
            focused.action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_list.id == "plans":
            self._start(self._plans[event.option_index])
        else:
            self._open(self._runs[event.option_index])

    # How it is done.

    def _read(self) -> None:
        worker = get_current_worker()
        try:
            plans, runs = self._desk.plans(), self._desk.runs()
        except UsageError as error:
            self.app.call_from_thread(self._refuse, str(error))
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take, plans, runs)

    def _take(self, plans: list[PlanEntry], runs: list[RunEntry]) -> None:
        self._plans, self._runs = plans, runs
        self._fill()

    def _fill(self) -> None:
        width = self.size.width - 4
        plans = self.query_one("#plans", OptionList)
        runs = self.query_one("#runs", OptionList)
        _set(
            plans,
            [_plan_line(plan, width) for plan in self._plans],
            "no plans here: `loadtui init` writes one, or put a locustfile.py here",
        )
        _set(runs, [_run_line(run, width) for run in self._runs], "nothing was run here yet")

    def _start(self, plan: PlanEntry) -> None:
        if plan.broken:
            self._refuse(plan.detail)
            return
        if self._starting:
            return
        self._starting = True
        self.query_one("#title", Static).update(f" loadtui · starting {plan.name} …")

        def start() -> None:
            try:
                folder = self._desk.start(plan.path)
            except UsageError as error:
                self.app.call_from_thread(self._started, None, str(error))
            else:
                self.app.call_from_thread(self._started, folder, "")

        self.run_worker(start, thread=True, group="start")

    def _started(self, folder: Path | None, error: str) -> None:
        self._starting = False
        self.query_one("#title", Static).update(" loadtui")
        if folder is None:
            self._refuse(error)
        else:
            self._open_run(folder)

    def _open(self, run: RunEntry) -> None:
        if run.active:
            self._open_run(run.folder)
            return
        width = self.size.width - 2

        def read() -> None:
            try:
                text = self._desk.summary(run.folder, width)
            except UsageError as error:
                self.app.call_from_thread(self._refuse, str(error))
            else:
                self.app.call_from_thread(self.app.push_screen, Summary(text))

        self.run_worker(read, thread=True, exclusive=True, group="summary")

    def _refuse(self, reason: str) -> None:
        self.notify(reason, severity="error", timeout=10, markup=False)


def _set(options: OptionList, lines: list[Content], empty: str) -> None:
    at = options.highlighted
    options.clear_options()
    if lines:
        options.add_options(lines)
        options.highlighted = min(at or 0, len(lines) - 1)
    else:
        options.add_option(Option(Content.styled(empty, "$text-muted"), disabled=True))


def _plan_line(plan: PlanEntry, width: int) -> Content:
    name, known = 24, 16
    detail = max(10, width - name - known - 2)
    return Content.assemble(
        (fit(clean(plan.name), name), "bold"),
        " ",
        (fit(("✗ " if plan.broken else "") + clean(plan.detail), detail),
         "$error" if plan.broken else ""),
        " ",
        (fit(clean(plan.known), known), "$text-muted"),
    )  # fmt: skip


def _run_line(run: RunEntry, width: int) -> Content:
    if run.state == "broken":
        return Content.assemble(
            (fit(clean(run.run), 38), "bold"), " ",
            (fit(f"✗ {clean(run.verdict)}", max(10, width - 39)), "$error"),
        )  # fmt: skip
    word, colour = _VERDICTS.get(run.verdict, (run.verdict or "–", ""))
    state, style = ("● ", "$success") if run.active else ("", "$text-muted")
    duration = f"{fit(run.duration, 8, 'right')} " if width >= _ROOMY else ""
    parts: list[str | tuple[str, str]] = [
        (fit(run.started, 16), "$text-muted"), " ",
        (fit(clean(run.plan), max(10, width - 64 - len(duration))), "bold"), " ",
        (fit(state + run.state, 13), style), " ",
        (fit(run.provenance, 9), "$text-muted"), " ",
        (duration, ""),
        (fit(run.requests, 9, "right"), ""), "  ",
        (fit(word, 10), colour),
    ]  # fmt: skip
    return Content.assemble(*parts)
