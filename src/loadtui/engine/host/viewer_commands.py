"""What a viewer's command does: look, change users, stop, mark.

Nothing is stopped here: the director is asked to end the run (see `stop_sequence`).
"""

from __future__ import annotations

from collections.abc import Callable

from loadtui.engine.host.director import Director, Ending
from loadtui.engine.host.live_run import LiveRun
from loadtui.engine.host.master_runner import LoadMasterRunner
from loadtui.engine.host.run_tracker import RunTracker
from loadtui.store.manifest import Mark
from loadtui.wire.messages import Command, Reply, Snapshot, StopReason

MAX_USERS = 1_000_000


class ViewerCommands:
    def __init__(
        self,
        live: LiveRun,
        director: Director,
        tracker: RunTracker,
        snapshot: Callable[[], Snapshot],
        runner: LoadMasterRunner,
    ) -> None:
        self._live = live
        self._director = director
        self._tracker = tracker
        self._snapshot = snapshot
        self._runner = runner

    def handle(self, command: Command) -> Reply:
        """Do what was asked; the reply's error says why it was not done."""
        match command.do:
            case "snapshot":
                return Reply(command.id, snapshot=self._snapshot())
            case "history":
                return Reply(command.id, history=self._tracker.timeline.chart_steps.points())
            case "users":
                return Reply(command.id, error=self._users(command.users))
            case "stop":
                self._stop(command)
                return Reply(command.id)
            case "mark":
                return Reply(command.id, error=self._mark(command.text))
            case _:
                return Reply(command.id, error=f"unknown command {command.do}")

    def _users(self, users: int | None) -> str:
        if self._live.state != "running":
            return f"the run is {self._live.state}, its users cannot be changed"
        if users is None or not 0 <= users <= MAX_USERS:
            return f"users must be a number from 0 to {MAX_USERS}"
        self._director.steer(users)
        return ""

    def _stop(self, command: Command) -> None:
        """An open-ended run is done when somebody stops it; any other is cut short."""
        open_ended = any(stage.duration_s is None for stage in self._live.stages)
        interrupted = command.text == StopReason.INTERRUPTED
        reason = StopReason.INTERRUPTED if interrupted else StopReason.BY_HAND
        if command.now:
            self._runner.environment.stop_timeout = 0.0
            self._runner.stop_at_once()
        cut_short = interrupted or not open_ended
        self._director.end(Ending(reason.value, interrupted=cut_short, by="person"))

    def _mark(self, text: str) -> str:
        if self._live.t0 is None:
            return "the run has not begun, there is nothing to mark"
        if not text.strip():
            return "a mark needs a text"
        self._tracker.mark(Mark(self._live.elapsed_s, "note", text.strip()))
        return ""
