"""What a viewer's command does: look, change users, stop, mark.

Nothing is stopped here: the director is asked to end the run (see `stop_sequence`).
"""

from __future__ import annotations

from collections.abc import Callable

from loadtui.engine.host.director import Director, Ending
from loadtui.engine.host.live_run import LiveRun
from loadtui.engine.host.master_runner import LoadMasterRunner
from loadtui.engine.host.run_tracker import RunTracker
from loadtui.engine.locustfile.web_app import LocustWebApp
from loadtui.known_secrets import SECRETS
from loadtui.plan.model import MOST_USERS
from loadtui.plurals import thousands
from loadtui.store.manifest import MAX_MARK, MAX_MARKS, Mark
from loadtui.wire.http_exchange import HttpAnswer
from loadtui.wire.messages import Command, Reply, Snapshot, StopReason
from loadtui.wire.swarm import Swarm


class ViewerCommands:
    def __init__(
        self,
        live: LiveRun,
        director: Director,
        tracker: RunTracker,
        snapshot: Callable[[], Snapshot],
        runner: LoadMasterRunner,
        web_app: LocustWebApp | None = None,
    ) -> None:
        self._live = live
        self._director = director
        self._tracker = tracker
        self._snapshot = snapshot
        self._runner = runner
        self._web_app = web_app

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
            case "swarm" if command.swarm is not None and self._web_app is not None:
                return Reply(command.id, error=self._swarm(command.swarm, self._web_app))
            case "http" if command.http is not None and self._web_app is not None:
                return Reply(command.id, http=self._web_app.answer(command.http))
            case _:
                return Reply(command.id, error=f"unknown command {command.do}")

    def last_http(self) -> dict[str, HttpAnswer]:
        """What Locust's web application says once the run is over."""
        return {} if self._web_app is None else self._web_app.last_answers()

    def _users(self, users: int | None) -> str:
        if refusal := self._cannot_have(users):
            return refusal
        assert users is not None
        self._director.steer(users)
        return ""

    def _cannot_have(self, users: int | None) -> str:
        if self._live.state != "running":
            return f"the run is {self._live.state}, its users cannot be changed"
        if users is None or not 0 <= users <= MOST_USERS:
            return f"users must be a number from 0 to {MOST_USERS}"
        return ""

    def _swarm(self, swarm: Swarm, web_app: LocustWebApp) -> str:
        """As Locust's `/swarm` in a run that is running."""
        if refusal := self._cannot_have(swarm.users):
            return refusal
        try:
            web_app.take_options(swarm.options)
        except ValueError as error:
            return str(error)
        if swarm.host is not None:
            self._runner.environment.host = swarm.host
        self._director.swarm(swarm.users, swarm.spawn_rate, swarm.run_time_s)
        return ""

    def _stop(self, command: Command) -> None:
        """An open-ended run is done when somebody stops it, and what `/swarm` began when `/stop`
        says so; any other is cut short."""
        reason = _reason(command.text)
        interrupted = reason is StopReason.INTERRUPTED
        through_api = reason is StopReason.BY_WEB_API and not self._live.plan.stages
        open_ended = through_api or any(stage.duration_s is None for stage in self._live.stages)
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
        if len(text) > MAX_MARK:
            return f"a mark takes at most {thousands(MAX_MARK)} characters"
        if len(self._live.marks) >= MAX_MARKS:
            return f"the run has {thousands(MAX_MARKS)} marks, which is as many as it takes"
        shown = SECRETS.hidden(text.strip())
        self._tracker.mark(Mark(self._live.elapsed_s, "note", shown))
        return ""


def _reason(text: str) -> StopReason:
    try:
        return StopReason(text)
    except ValueError:
        return StopReason.BY_HAND
