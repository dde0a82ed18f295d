"""The Textual application: its screens, the actions that hold everywhere, and how it is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual.command import Provider

from loadtui.errors import UsageError
from loadtui.tui.chart.markers import Marker
from loadtui.tui.keys.actions import bindings
from loadtui.tui.keys.command_palette import ActionCommands
from loadtui.tui.modals.copy_choice import copy_question
from loadtui.tui.modals.help import HelpDialog
from loadtui.tui.modals.issue_dialog import IssueDialog
from loadtui.tui.project import ProjectAccess
from loadtui.tui.project.screenshots import ScreenshotStore
from loadtui.tui.screen_settings import ScreenSettings
from loadtui.tui.screens.compare_screen import CompareScreen
from loadtui.tui.screens.history_screen import HistoryScreen
from loadtui.tui.screens.live_screen import LiveScreen
from loadtui.tui.screens.navigation import (
    CompareRuns,
    HistoryOfRun,
    IssueOfRun,
    ReplayRun,
    WatchRun,
)
from loadtui.tui.screens.plans_screen import PlansScreen
from loadtui.tui.screens.replay_screen import ReplayScreen
from loadtui.tui.screens.runs_screen import RunsScreen
from loadtui.tui.terminal.terminal_app import TerminalApp
from loadtui.tui.watched.feed import Feed
from loadtui.tui.watched.viewer_exit import ExitReason, ViewerExit
from loadtui.tui.widgets.cell_styles import CELL_CLASSES
from loadtui.tui.widgets.too_small import LEAST_SIZE

_NO_WIDTH, _NO_HEIGHT = LEAST_SIZE


class LoadtuiApp(TerminalApp[ViewerExit]):
    """Shows one run (`feed`), the workbench (`project`), or both; its result says how it was left.

    Each of the four screens is a mode with a stack of its own.  An app that was opened for one run
    ends when that run is left; otherwise leaving a run goes back to the list.
    """

    CSS_PATH = "workbench.tcss"
    COMPONENT_CLASSES: ClassVar[set[str]] = CELL_CLASSES
    BINDINGS = bindings("everywhere")
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {ActionCommands}
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-no-width"), (_NO_WIDTH, "-narrow"), (100, "-normal"), (160, "-wide"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-no-height"), (_NO_HEIGHT, "-low"), (22, "-short"), (32, "-medium"), (50, "-tall"),
    ]  # fmt: skip

    def __init__(
        self,
        *,
        feed: Feed | None = None,
        project: ProjectAccess | None = None,
        connect: Callable[[Path], Feed] | None = None,
        marker: Marker = "braille",
        leave_after_s: float | None = None,
        ascii_only: bool = False,
        settings: ScreenSettings | None = None,
    ) -> None:
        """`connect` makes the feed of a run that is opened from the workbench.

        With `ascii_only` nothing but ASCII is written.
        """
        settings = settings or ScreenSettings()
        super().__init__(theme=settings.theme, keymap=settings.keys.keymap, ascii_only=ascii_only)
        self.keys = settings.keys
        self._project = project
        self._connect = connect
        self._marker = marker
        self._live: LiveScreen | None = None
        self._watched: Path | None = None
        self._opened_for: LiveScreen | None = None
        self._last_exit = ViewerExit(ExitReason.ENDED)
        if feed is not None:
            self._opened_for = self._live = LiveScreen(
                feed, self.left, marker=marker, leave_after_s=leave_after_s
            )

    def on_mount(self) -> None:
        if self._project is not None:
            project, marker = self._project, self._marker
            self.add_mode("plans", lambda: PlansScreen(project.plans))
            self.add_mode("runs", lambda: RunsScreen(project.runs, project.comparer))
            self.add_mode("compare", lambda: CompareScreen(project.comparer, marker=marker))
        if self._live is not None:
            self._switch_to_live(self._live)
        elif self._project is not None:
            self.switch_mode("plans")

    # ActionScope screens want to go.

    async def on_watch_run(self, message: WatchRun) -> None:
        if self._live is not None and self._watched == message.folder:
            self.switch_mode("live")
        elif self._connect is not None:
            await self._forget_live()
            self._watched = message.folder
            feed = self._connect(message.folder)
            self._live = LiveScreen(feed, self.left, marker=self._marker)
            self._switch_to_live(self._live)

    def on_replay_run(self, message: ReplayRun) -> None:
        if self._project is not None:
            self.switch_mode("runs")
            self._go("runs")
            self.push_screen(
                ReplayScreen(self._project.replays, message.folder, marker=self._marker)
            )

    def on_history_of_run(self, message: HistoryOfRun) -> None:
        if self._project is not None:
            self.push_screen(HistoryScreen(self._project.histories, message.folder))

    def on_issue_of_run(self, message: IssueOfRun) -> None:
        if self._project is None:
            self.bell()
        else:
            self.push_screen(IssueDialog(self._project.issues, message.folder))

    def on_compare_runs(self, message: CompareRuns) -> None:
        self.switch_mode("compare")
        screen = self.screen
        if isinstance(screen, CompareScreen):
            screen.show(message.base, message.run)

    def left(self, viewer_exit: ViewerExit) -> None:
        """A run's screen was left: back to the workbench, or out."""
        if self._live is self._opened_for or self.current_mode != "live":
            self.exit(viewer_exit)
        else:
            self._last_exit = viewer_exit
            self.run_worker(self._forget_live(), name="leave")

    # The actions that hold everywhere.

    def action_plans(self) -> None:
        self._go("plans")

    def action_runs(self) -> None:
        self._go("runs")

    def action_compare(self) -> None:
        self._go("compare")

    def action_live(self) -> None:
        if self._live is not None:
            self.switch_mode("live")
        elif self._project is not None:
            self.run_worker(self._find_running, thread=True, exclusive=True, group="running")

    def action_help(self) -> None:
        self.push_screen(HelpDialog(getattr(self.screen, "SCOPE", None)))

    def action_palette(self) -> None:
        self.action_command_palette()

    def action_theme(self) -> None:
        self.search_themes()

    def action_copy(self) -> None:
        texts: list[tuple[str, str]] = getattr(self.screen, "copyable_texts", list)()
        if not texts:
            self.bell()
            return

        def chosen(number: str | None) -> None:
            if number:
                label, text = texts[int(number) - 1]
                self.copy_to_clipboard(text)
                self.notify(f"copied the {label}: {text}", markup=False)

        self.push_screen(copy_question(texts), chosen)

    def action_picture(self) -> None:
        if self._project is None:
            self.bell()
            return
        # What was said of the last picture does not belong on this one.
        self.clear_notifications()
        self.call_after_refresh(self._save_screenshot, self._project.screenshots)

    def action_leave(self) -> None:
        if self._live is not None:
            self._live.ask_to_leave()
        else:
            self.exit(self._viewer_exit())

    def action_interrupt(self) -> None:
        if self._live is not None:
            self._live.interrupt()
        else:
            self.exit(self._viewer_exit())

    # How it is done.

    def _go(self, mode: str) -> None:
        """To a screen of the workbench; from what lies over it, back to it."""
        if self._project is None:
            self.bell()
        elif self.current_mode != mode:
            self.switch_mode(mode)
        else:
            while len(self.screen_stack) > 1:
                self.pop_screen()

    def _switch_to_live(self, live: LiveScreen) -> None:
        self.add_mode("live", lambda: live)
        self.switch_mode("live")

    async def _forget_live(self) -> None:
        if self._live is None:
            return
        self._live, self._watched = None, None
        if self.current_mode == "live":
            await self.switch_mode("runs")
        await self.remove_mode("live")

    def _find_running(self) -> None:
        assert self._project is not None
        try:
            running = next((run for run in self._project.runs.runs() if run.active), None)
        except UsageError as error:
            self.call_from_thread(self.notify, str(error), severity="error", markup=False)
            return
        if running is not None:
            self.post_message(WatchRun(running.folder))
        else:
            self.call_from_thread(
                self.notify, "no run is running: start a plan (1), or open a saved run (2)"
            )

    def ended_from_outside(self) -> ViewerExit:
        live = self._live or self._opened_for
        return live.signalled() if live is not None else ViewerExit(ExitReason.SIGNALLED)

    def _save_screenshot(self, screenshots: ScreenshotStore) -> None:
        svg = self.export_screenshot(title="loadtui")
        name = getattr(self.screen, "SCOPE", "screen")

        def save() -> None:
            try:
                sentence, severity = f"picture: {screenshots.save(name, svg)}", "information"
            except UsageError as error:
                sentence, severity = str(error), "error"
            self.call_from_thread(
                self.notify, sentence, severity=severity, timeout=10, markup=False
            )

        self.run_worker(save, thread=True, group="picture")

    def _viewer_exit(self) -> ViewerExit:
        """How the app is left with no run on any screen."""
        if self._opened_for is not None:
            return self._opened_for.signalled()
        return self._last_exit
