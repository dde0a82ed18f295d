"""Asks how to make a run part of a baseline, and shows why it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.widget import Widget
from textual.widgets import Static

from loadtui.errors import UsageError
from loadtui.tui.desks.runs import Promoting, RunEntry
from loadtui.tui.modals.form import Form, Tick, field
from loadtui.tui.text import clean
from loadtui.tui.words import provenance, result


class PromoteForm(Form[str]):
    """Dismissed with what came of it.  `promote` is called in a thread; the reason of a UsageError
    is shown, and the form stays."""

    def __init__(self, run: RunEntry, promote: Callable[[Promoting], str]) -> None:
        super().__init__(
            f"Promote {clean(run.run)}",
            "Later runs of the plan are compared with the runs of its baseline.",
            "promote",
        )
        self._run = run
        self._promote = promote

    def fields(self) -> Iterable[Widget]:
        run = self._run
        said = f"plan {clean(run.plan)} · {result(run)[0]} · {provenance(run.provenance)[0]}"
        yield Static(said, classes="head", markup=False)
        yield field("name", run.plan, "name")
        yield Tick("start the baseline anew, with this run alone", "replace")
        yield Tick("although it did not keep its thresholds", "force")

    def answer(self) -> str:
        return self.value_of("name")

    def accept(self, found: str) -> None:
        how = Promoting(found, self.is_checked("replace"), self.is_checked("force"))

        def work() -> None:
            try:
                said = self._promote(how)
            except UsageError as error:
                self.app.call_from_thread(self.refuse, _for_a_form(str(error)))
            else:
                self.app.call_from_thread(self.dismiss, said)

        self.query_one("#refusal", Static).update("promoting …")
        self.run_worker(work, thread=True, exclusive=True)


def _for_a_form(reason: str) -> str:
    """The reason in the words of the form, where it speaks of options."""
    return reason.replace("--replace starts", "start").replace(
        "--force promotes it all the same", "tick the second box to promote it all the same"
    )
