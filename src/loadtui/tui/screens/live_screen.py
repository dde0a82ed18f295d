"""A run while it is running."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult

from loadtui.tui.cells.text import one_line
from loadtui.tui.chart.markers import Marker
from loadtui.tui.keys.actions import ActionScope, bindings
from loadtui.tui.modals.choice import ChoiceDialog, quit_question, stop_question
from loadtui.tui.modals.text_prompt import mark_prompt, users_prompt
from loadtui.tui.screens.watched_screen import WatchedScreen
from loadtui.tui.watched.feed import Feed, FeedEnded, SnapshotArrived
from loadtui.tui.watched.viewer_exit import ExitReason, ViewerExit
from loadtui.tui.widgets.footer import Footer
from loadtui.tui.widgets.too_small import TooSmall
from loadtui.wire.client import Verb
from loadtui.wire.messages import Snapshot
from loadtui.wire.socket_address import HostNotRunning

BLURRED_S = 3
"""How often the screen follows while another window has the focus."""


class LiveScreen(WatchedScreen):
    """Shows what a feed brings, passes on what a person wants, and says how it was left."""

    SCOPE: ClassVar[ActionScope] = "live"
    BINDINGS = bindings("live")

    def __init__(
        self,
        feed: Feed,
        leave: Callable[[ViewerExit], None],
        *,
        marker: Marker = "braille",
        leave_after_s: float | None = None,
    ) -> None:
        super().__init__(marker=marker)
        self._feed = feed
        self._leave = leave
        self._leave_after_s = leave_after_s
        self._newest: SnapshotArrived | None = None
        self._frozen_at: float | None = None
        self._ended = False
        self._stop_asked = False
        self._wanted: tuple[int, float] | None = None
        self._question: ChoiceDialog | None = None
        self._footer = Footer("live")

    def compose(self) -> ComposeResult:
        yield TooSmall(running=True)
        yield self.board
        yield self._footer

    def on_mount(self) -> None:
        self.run_worker(self._feed.run(self.post_message), name="feed", exit_on_error=True)
        self.watch(self.app, "app_focus", self._focused, init=False)

    # What the feed brings.

    def on_snapshot_arrived(self, message: SnapshotArrived) -> None:
        message.stop()
        self._newest = message
        snapshot = message.snapshot
        if snapshot.exit_code is not None:
            self._ended = True
            self._frozen_at = None
            self.board.banner.finished(snapshot)
            self._footer.ended()
        if self._frozen_at is not None:
            self.board.status.show(snapshot, self._frozen_at)
        elif self._due(snapshot):
            self.board.show(message.moment)
        if self._ended:
            self._leave_when_due()

    def _due(self, snapshot: Snapshot) -> bool:
        shown = self.board.moment
        if shown is None or self._ended or self.app.app_focus:
            return True
        return snapshot.elapsed_s - shown.snapshot.elapsed_s > BLURRED_S - 0.5

    def _focused(self, focused: bool) -> None:
        if focused and self._newest is not None and self._frozen_at is None:
            self.board.show(self._newest.moment)

    def on_feed_ended(self, message: FeedEnded) -> None:
        message.stop()
        if self._ended:
            return
        self._ended = True
        if self._leave_after_s is not None:
            self._leave_when_due()
        else:
            self.board.banner.lost(message.reason)
            self._footer.ended()

    # What a person wants.

    def action_freeze(self) -> None:
        if self._newest is None or self._ended:
            return
        if self._frozen_at is None:
            self._frozen_at = self._newest.snapshot.elapsed_s
            self.board.status.show(self._newest.snapshot, self._frozen_at)
        else:
            self._frozen_at = None
            self.board.show(self._newest.moment)

    def action_set_users(self) -> None:
        def chosen(text: str | None) -> None:
            if text is not None:
                self._set_users(int(text))

        if self._steerable():
            self.app.push_screen(users_prompt(self._users()), chosen)

    def action_more_users(self) -> None:
        self._change_users(1)

    def action_fewer_users(self) -> None:
        self._change_users(-1)

    def action_ten_more_users(self) -> None:
        self._change_users(10)

    def action_ten_fewer_users(self) -> None:
        self._change_users(-10)

    def action_mark(self) -> None:
        def chosen(text: str | None) -> None:
            if text is not None:
                self._send("mark", text=text.strip())

        if self._steerable():
            self.app.push_screen(mark_prompt(), chosen)

    def action_stop(self) -> None:
        if self._steerable():
            self.app.push_screen(stop_question(), self._stop)

    def action_detach(self) -> None:
        self._leave(self._viewer_exit())

    def ask_to_leave(self) -> None:
        """Leave a run that is over; ask what becomes of one that is running."""
        if self._ended:
            self._leave(self._viewer_exit())
        elif self._question is None:
            self._question = quit_question()
            self.app.push_screen(self._question, self._answered)

    def interrupt(self) -> None:
        """ctrl+c: first the question, then stop gracefully, then stop at once and leave."""
        if self._question is not None:
            self._question.dismiss("stop")
        elif self._stop_asked and not self._ended:
            self._leave_after_s = 0
            self._stop("now")
        else:
            self.ask_to_leave()

    def signalled(self) -> ViewerExit:
        """How it is left when a signal ends the viewer."""
        return (
            self._viewer_exit() if self._ended else ViewerExit(ExitReason.SIGNALLED, self._snapshot)
        )

    # How it is done.

    def _leave_when_due(self) -> None:
        """The run is over: leave now, in a while, or when the person does."""
        if self._leave_after_s:
            self.set_timer(self._leave_after_s, lambda: self._leave(self._viewer_exit()))
        elif self._leave_after_s is not None:
            self._leave(self._viewer_exit())

    def _answered(self, answer: str | None) -> None:
        self._question = None
        if answer == "detach":
            self._leave(self._viewer_exit())
        elif answer == "stop":
            self._leave_after_s = 0
            if self._ended:
                self._leave(self._viewer_exit())
            else:
                self._stop("stop")

    def _stop(self, answer: str | None) -> None:
        if answer:
            self._stop_asked = True
            self._send("stop", now=answer == "now")

    def _steerable(self) -> bool:
        if self._ended or self._newest is None:
            self.app.bell()
            return False
        return True

    def _users(self) -> int:
        """The target, or what was asked for if the host cannot have told it yet."""
        snapshot = self._snapshot
        if snapshot is None:
            return 0
        if self._wanted is not None and snapshot.elapsed_s < self._wanted[1] + 2:
            return self._wanted[0]
        return snapshot.users_target

    def _change_users(self, by: int) -> None:
        if self._steerable():
            self._set_users(max(0, self._users() + by))

    def _set_users(self, users: int) -> None:
        if self._snapshot is not None:
            self._wanted = (users, self._snapshot.elapsed_s)
        self._send("users", users=users)

    def _send(
        self, do: Verb, *, users: int | None = None, text: str = "", now: bool = False
    ) -> None:
        async def send() -> None:
            try:
                reply = await self._feed.command(do, users=users, text=text, now=now)
            except HostNotRunning as error:
                self.notify(str(error), severity="warning", markup=False)
                return
            if reply.error:
                self._wanted = None
                self.notify(one_line(reply.error), severity="warning", markup=False)

        self.run_worker(send(), group="commands")

    @property
    def _snapshot(self) -> Snapshot | None:
        return self._newest.snapshot if self._newest is not None else None

    def _viewer_exit(self) -> ViewerExit:
        snapshot = self._snapshot
        if not self._ended:
            return ViewerExit(ExitReason.DETACHED, snapshot)
        if snapshot is None or snapshot.exit_code is None:
            return ViewerExit(ExitReason.LOST, snapshot)
        return ViewerExit(ExitReason.STOPPED if self._stop_asked else ExitReason.ENDED, snapshot)
