"""What the screens of a run have in common, live or replayed: the board and ways to look at it."""

from __future__ import annotations

from pathlib import Path

from textual.screen import Screen

from loadtui.tui.chart.markers import Marker
from loadtui.tui.modals.error_details import ErrorDetails
from loadtui.tui.modals.text_prompt import filter_prompt
from loadtui.tui.screens.navigation import IssueOfRun
from loadtui.tui.watched.copy_texts import copy_texts
from loadtui.tui.widgets.board import Board
from loadtui.tui.widgets.error_lines import ErrorLines


class WatchedScreen(Screen[None]):
    """Holds a `Board`, which its subclass composes and shows moments on; does the actions of the
    scope `board`, which a subclass binds beside its own."""

    AUTO_FOCUS = None

    def __init__(self, *, marker: Marker = "braille") -> None:
        super().__init__()
        self.board = Board(marker=marker)

    def copyable_texts(self) -> list[tuple[str, str]]:
        moment = self.board.moment
        return [] if moment is None else copy_texts(moment.snapshot)

    def action_next_window(self) -> None:
        self.board.charts.next_window()

    def action_longer_window(self) -> None:
        self.board.charts.longer(1)

    def action_shorter_window(self) -> None:
        self.board.charts.longer(-1)

    def action_zoom(self) -> None:
        self.board.next_zoom()

    def action_unzoom(self) -> None:
        if not self.board.unzoom():
            self.board.endpoints.only("")

    def action_next_chart(self) -> None:
        self.board.charts.next_chart()

    def action_toggle_baseline(self) -> None:
        self.notify(self.board.charts.toggle_baseline(), markup=False)

    def action_toggle_log(self) -> None:
        self.board.toggle_log()

    def action_errors(self) -> None:
        if self.board.moment is not None:
            self.app.push_screen(ErrorDetails(self.board.moment.snapshot))

    def action_issue(self) -> None:
        if self.board.moment is not None:
            self.post_message(IssueOfRun(Path(self.board.moment.snapshot.folder)))

    def action_filter(self) -> None:
        def chosen(text: str | None) -> None:
            if text is not None:
                self.board.endpoints.only(text)

        self.app.push_screen(filter_prompt(self.board.endpoints.filter), chosen)

    def action_sort(self) -> None:
        self.board.endpoints.sort()

    def action_reverse(self) -> None:
        self.board.endpoints.reverse()

    def action_columns(self) -> None:
        self.board.endpoints.next_columns()

    def action_scroll_down(self) -> None:
        self.board.endpoints.scroll("line", 1)

    def action_scroll_up(self) -> None:
        self.board.endpoints.scroll("line", -1)

    def action_page_down(self) -> None:
        self.board.endpoints.scroll("page", 1)

    def action_page_up(self) -> None:
        self.board.endpoints.scroll("page", -1)

    def on_error_lines_asked(self, message: ErrorLines.Asked) -> None:
        message.stop()
        self.action_errors()
