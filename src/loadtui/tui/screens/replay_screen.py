"""A run that is over, in the layout of a live one, with a cursor in time."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.message import Message
from textual.timer import Timer

from loadtui.errors import UsageError
from loadtui.tui.cells.text import one_line
from loadtui.tui.chart.markers import Marker
from loadtui.tui.keys.actions import ActionScope, bindings
from loadtui.tui.project.replays import ReplayedRun, ReplayOpener
from loadtui.tui.screens.watched_screen import WatchedScreen
from loadtui.tui.watched.moment import Moment
from loadtui.tui.widgets.footer import Footer
from loadtui.tui.widgets.time_bar import TimeBar
from loadtui.tui.widgets.too_small import TooSmall

_STEPS = 60
"""Steps of a cursor key from one end of the run to the other, and seconds that a replay takes."""
_SLOWEST, _FASTEST = 1, 3600


class ReplayOpened(Message):
    """The run was read."""

    def __init__(self, recorded: ReplayedRun) -> None:
        super().__init__()
        self.recorded = recorded


class ReplayReached(Message):
    """The moment that was asked for."""

    def __init__(self, second: int, moment: Moment) -> None:
        super().__init__()
        self.second = second
        self.moment = moment


class ReplayScreen(WatchedScreen):
    """Moments are made in a thread, one at a time; when the cursor moves on meanwhile, only where
    it is then is made next."""

    SCOPE: ClassVar[ActionScope] = "replay"
    BINDINGS = bindings("replay")

    def __init__(self, opener: ReplayOpener, folder: Path, *, marker: Marker = "braille") -> None:
        super().__init__(marker=marker)
        self._opener = opener
        self._folder = folder
        self._recorded: ReplayedRun | None = None
        self._wanted = 0
        self._making: int | None = None
        self._speed = 1
        self._playing: Timer | None = None
        self._bar = TimeBar(marker == "ascii")

    def compose(self) -> ComposeResult:
        yield TooSmall()
        yield self.board
        yield self._bar
        yield Footer("replay")

    def on_mount(self) -> None:
        self.run_worker(self._open, thread=True, name="open")

    def on_replay_opened(self, message: ReplayOpened) -> None:
        self._recorded = message.recorded
        self._speed = max(_SLOWEST, round(message.recorded.length / _STEPS))
        self._go(message.recorded.length)

    def on_replay_reached(self, message: ReplayReached) -> None:
        self._making = None
        snapshot = message.moment.snapshot
        self.board.show(message.moment)
        self._bar.display = "seconds" not in snapshot.unknown
        self.board.banner.display = False
        if snapshot.exit_code is not None:
            self.board.banner.finished(snapshot)
        self._make()

    def on_time_bar_clicked(self, message: TimeBar.Clicked) -> None:
        if self._recorded is not None:
            self._go(round(message.share * self._recorded.length))

    # What a person wants.

    def action_cursor_back(self) -> None:
        self._go(self._wanted - self._step)

    def action_cursor_on(self) -> None:
        self._go(self._wanted + self._step)

    def action_to_start(self) -> None:
        self._go(0)

    def action_to_end(self) -> None:
        self._go(self._length)

    def action_stage_back(self) -> None:
        self._go(max((at for at in self._stages if at < self._wanted), default=0))

    def action_stage_on(self) -> None:
        self._go(min((at for at in self._stages if at > self._wanted), default=self._length))

    def action_play(self) -> None:
        if self._recorded is None:
            return
        if self._playing is not None:
            self._pause()
            return
        if self._wanted >= self._length:
            self._go(0)
        self._playing = self.set_interval(1.0, self._play_on)
        self._tell()

    def action_faster(self) -> None:
        self._speed = min(_FASTEST, self._speed * 2)
        self._tell()

    def action_slower(self) -> None:
        self._speed = max(_SLOWEST, self._speed // 2)
        self._tell()

    def action_close(self) -> None:
        self.dismiss()

    # How it is done.

    @property
    def _length(self) -> int:
        return self._recorded.length if self._recorded is not None else 0

    @property
    def _stages(self) -> tuple[int, ...]:
        return self._recorded.stages if self._recorded is not None else ()

    @property
    def _step(self) -> int:
        return max(1, round(self._length / _STEPS))

    def _open(self) -> None:
        try:
            self.post_message(ReplayOpened(self._opener.recorded(self._folder)))
        except UsageError as error:
            self.app.call_from_thread(self._refused, str(error))

    def _refused(self, reason: str) -> None:
        self.app.notify(one_line(reason), severity="error", timeout=10, markup=False)
        self.dismiss()

    def _play_on(self) -> None:
        if self._making is None:
            self._go(self._wanted + self._speed)
        if self._wanted >= self._length:
            self._pause()

    def _pause(self) -> None:
        if self._playing is not None:
            self._playing.stop()
            self._playing = None
        self._tell()

    def _go(self, second: int) -> None:
        self._wanted = max(0, min(second, self._length))
        self._tell()
        self._make()

    def _tell(self) -> None:
        self._bar.show(
            self._wanted,
            self._length,
            self._stages,
            f"{self._speed}×" if self._playing is not None else "",
        )

    def _make(self) -> None:
        """Make the moment under the cursor, unless it is shown or another is being made."""
        recorded, second = self._recorded, self._wanted
        shown = self.board.moment
        if recorded is None or self._making is not None:
            return
        if shown is not None and shown.cursor == second:
            return
        self._making = second

        def make() -> None:
            self.post_message(ReplayReached(second, recorded.moment(second)))

        self.run_worker(make, thread=True, name="moment")
