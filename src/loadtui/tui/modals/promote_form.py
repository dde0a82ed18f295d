"""Asks how to make a run part of a baseline, and shows why it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.widget import Widget
from textual.widgets import Static

from loadtui.errors import UsageError
from loadtui.tui.cells.run_cells import provenance_span, result_span
from loadtui.tui.cells.text import one_line
from loadtui.tui.modals.form import FormDialog, TickBox, form_field
from loadtui.tui.project.run_rows import PromotionChoices, RunRow


class PromoteForm(FormDialog[str]):
    """Dismissed with what came of it.  `promote` is called in a thread; the reason of a UsageError
    is shown, and the form stays."""

    def __init__(self, run: RunRow, promote: Callable[[PromotionChoices], str]) -> None:
        super().__init__(
            f"Promote {one_line(run.run)}",
            "Later runs of the plan are compared with the runs of its baseline.",
            "promote",
        )
        self._run = run
        self._promote = promote

    def fields(self) -> Iterable[Widget]:
        run = self._run
        result, provenance = result_span(run)[0], provenance_span(run.provenance)[0]
        facts = f"plan {one_line(run.plan)} · {result} · {provenance}"
        yield Static(facts, classes="head", markup=False)
        yield form_field("name", run.plan, "name")
        yield TickBox("start the baseline anew, with this run alone", "replace")
        yield TickBox("although it did not meet its thresholds", "force")

    def answer(self) -> str:
        return self.value_of("name")

    def accept(self, name: str) -> None:
        how = PromotionChoices(name, self.is_checked("replace"), self.is_checked("force"))

        def work() -> None:
            try:
                outcome = self._promote(how)
            except UsageError as error:
                self.app.call_from_thread(self.refuse, _for_a_form(str(error)))
            else:
                self.app.call_from_thread(self.dismiss, outcome)

        self.query_one("#refusal", Static).update("promoting …")
        self.run_worker(work, thread=True, exclusive=True)


def _for_a_form(reason: str) -> str:
    """The reason in the words of the form, where it speaks of options."""
    return reason.replace("--replace starts", "start").replace(
        "--force promotes it all the same", "tick the second box to promote it all the same"
    )
