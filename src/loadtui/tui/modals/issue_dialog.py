"""The GitHub issue of a run: read before it is opened, and what GitHub made of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from loadtui.errors import UsageError
from loadtui.tui.cells.text import one_line, plain_text
from loadtui.tui.project.issue_previews import IssuePreview, IssuePublisher

_T = TypeVar("_T")
_DOES = {"allow": "show it all the same", "open": "open or update", "resolve": "close resolved"}
"""What can be done, by the id of its button."""
_KEYS = {"allow": "y", "open": "o", "resolve": "c"}


class IssueDialog(ModalScreen[None]):
    """Reads the run in a thread, shows title, labels and body or says why there is no issue, and
    tells GitHub in a thread when asked to.  Numbers that were not measured are shown only after a
    word more.  Closed while GitHub is told, what came of it is notified."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close", show=False),
        *(Binding(key, f"do('{id}')", _DOES[id], show=False) for id, key in _KEYS.items()),
    ]

    def __init__(self, publisher: IssuePublisher, folder: Path) -> None:
        super().__init__()
        self._publisher = publisher
        self._folder = folder
        self._preview: IssuePreview | None = None
        self._offered = ""
        self._telling = False
        self._left = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="issue"):
            title = f"GitHub issue of {one_line(self._folder.name)}"
            yield Static(title, classes="dialog-title", markup=False)
            yield Static("reading", id="to", classes="dialog-text", markup=False)
            with VerticalScroll():
                yield Static("", id="issue-text", markup=False)
            yield Static("", id="outcome", markup=False)
            with Horizontal(classes="buttons"):
                for id, label in _DOES.items():
                    yield Button(f"{_KEYS[id]} {label}", variant="primary", id=id, compact=True)
                yield Button("esc go back", id="back", compact=True)

    def on_mount(self) -> None:
        self._offer("")
        self._in_thread(lambda: self._publisher.preview(self._folder), self._read, self._no_issue)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "back":
            self.action_close()
        else:
            self.action_do(event.button.id or "")

    # What a person wants.

    def action_close(self) -> None:
        self._left = True
        if self._telling:
            self.app.notify("GitHub has not answered yet; the result is shown here")
        self.dismiss()

    def action_do(self, what: str) -> None:
        preview = self._preview
        if preview is None or not what or what != self._offered:
            self.app.bell()
        elif what == "allow":
            self._show(preview)
        else:
            self._publish(preview)

    # How it is done.

    def _read(self, preview: IssuePreview) -> None:
        self._preview = preview
        if preview.draft.unmeasured:
            # The sentence stands in place of the issue until somebody wants it all the same.
            self._write("#to", f"{preview.draft.unmeasured}; an issue says so in title and body")
            self._offer("allow")
        else:
            self._show(preview)

    def _show(self, preview: IssuePreview) -> None:
        draft = preview.draft
        to = f"to {preview.repository}" if preview.repository else preview.problem
        self._write("#to", f"{draft.passes}; {to}" if draft.passes else to)
        self._write("#issue-text", draft.text())
        self.add_class("-text")
        self._offer("open" if draft.wording is not None else "resolve")

    def _no_issue(self, reason: str) -> None:
        self._write("#to", "")
        self._say(reason, bad=True)

    def _publish(self, preview: IssuePreview) -> None:
        self._telling = True
        self._offer("")
        self._say("telling GitHub …", bad=False)

        def tell(waiting: str) -> None:
            self.app.call_from_thread(self._say, waiting, bad=False)

        self._in_thread(
            lambda: self._publisher.publish(preview.draft, tell),
            lambda lines: self._told("\n".join(lines), bad=False),
            lambda reason: self._told(reason, bad=True),
        )

    def _told(self, text: str, *, bad: bool) -> None:
        self._telling = False
        if self._left:
            self.app.notify(
                one_line(text),
                severity="error" if bad else "information",
                timeout=10,
                markup=False,
            )
        else:
            self._say(text, bad=bad)
            # What failed for want of a token or a network can be tried again.
            preview = self._preview
            if bad and preview is not None:
                self._offer("open" if preview.draft.wording is not None else "resolve")

    def _in_thread(
        self, work: Callable[[], _T], then: Callable[[_T], None], refused: Callable[[str], None]
    ) -> None:
        app = self.app

        def run() -> None:
            try:
                value = work()
            except UsageError as error:
                app.call_from_thread(refused, str(error))
            else:
                app.call_from_thread(then, value)

        # The app's, since GitHub is still told when this screen is closed.
        app.run_worker(run, thread=True, group="issue")

    def _offer(self, what: str) -> None:
        """Offer one thing to do, or none."""
        self._offered = what
        for id in _DOES:
            self.query_one(f"#{id}").display = id == what

    def _say(self, text: str, *, bad: bool) -> None:
        if not self._left:
            outcome = self.query_one("#outcome", Static)
            outcome.set_class(bad, "-bad")
            self._write("#outcome", f"✗ {text}" if bad else text)

    def _write(self, selector: str, text: str) -> None:
        if self._left:
            return
        lines = [one_line(line) for line in text.split("\n")]
        if self.app.has_class("-ascii"):
            lines = [plain_text(line) for line in lines]
        self.query_one(selector, Static).update("\n".join(lines))
