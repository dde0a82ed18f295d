"""Decides how many users there are to be, and that the run is to end: the only one that does.

It follows the stages or the file's own shape.  Others only put a request into its inbox.  Stages
begin and end by the monotonic clock from second 0, so that nothing that happens in one stage moves
the start of the next.  How a run is stopped then stands in `stop_sequence`.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

import gevent
from gevent.queue import Empty, Queue
from locust import LoadTestShape

from loadtui.engine.exception_text import exception_text
from loadtui.engine.host.dispatcher import ClassTargets
from loadtui.engine.host.master_runner import LoadMasterRunner
from loadtui.engine.locustfile.listener_errors import TICK_ERROR
from loadtui.engine.locustfile.user_code import ExitAsked, exit_of
from loadtui.plan.model import Users
from loadtui.plurals import counted
from loadtui.store.journal import StageBegan
from loadtui.store.manifest import Mark

STEER_RATE = 100.0
"""Users a second when a person changes their number by hand."""
NO_USERS_S = 3
"""Seconds without a single user, though some should run, after which the run ends."""

_logger = logging.getLogger(__name__)


EndedBy = Literal["", "locustfile", "threshold", "person"]


class StageStep(NamedTuple):
    name: str
    users: Users
    spawn_rate: float
    duration_s: float | None
    """None: until somebody stops the run."""

    @property
    def total(self) -> int:
        return self.users if isinstance(self.users, int) else sum(self.users.values())


@dataclass
class Ending:
    """Why the run ended."""

    reason: str
    interrupted: bool = False
    """Somebody stopped it before it was done."""
    failed: bool = False
    """It could not be continued."""
    by: EndedBy = field(default="", compare=False)
    """Who ended it before it was done."""
    gave_up: bool = False
    """Nothing ever answered; the reason says what is wrong with the target."""


class RunObserver(Protocol):
    """What the director reports on the run to."""

    def run_began(self, t0: float) -> None: ...
    def stage_began(self, began: StageBegan) -> None: ...
    def mark(self, mark: Mark) -> None: ...
    def users_alive(self) -> int | None:
        """Users of all workers by their last health; None while some have not reported."""


class _Stop(NamedTuple):
    ending: Ending


class _Steer(NamedTuple):
    users: int
    spawn_rate: float
    classes: list[Any] | None
    by: str


class _Swarm(NamedTuple):
    steer: _Steer
    run_time_s: int | None


class _WorkersChanged(NamedTuple):
    pass


class Director:
    """Runs the stages; `run` blocks until the run is to end and says why."""

    def __init__(
        self,
        runner: LoadMasterRunner,
        targets: ClassTargets,
        observer: RunObserver,
        stages: Sequence[StageStep],
        shape: LoadTestShape | None,
    ) -> None:
        self._runner = runner
        self._targets = targets
        self._observer = observer
        self.stages = list(stages)
        self._shape = shape
        self._shape_target: tuple[Any, ...] | None = None
        self._inbox: Queue[Any] = Queue()
        self._t0: float | None = None
        self._rate = 1.0
        self._classes: list[Any] | None = None
        self._no_users_since: float | None = None
        self._ramp: gevent.Greenlet | None = None
        self._until: float | None = None
        """Second at which the stage ends; None: when somebody stops it."""
        self.asked_to_exit: ExitAsked | None = None
        """The first wish of the locustfile to end the program."""

    # ---------------------------------------------------------------- what anybody may ask
    def ask_users(self, users: int, spawn_rate: float, classes: list[Any] | None) -> None:
        """The locustfile called runner.start."""
        self._inbox.put(_Steer(users, spawn_rate, classes, "the locustfile"))

    def steer(self, users: int) -> None:
        """A person wants another number of users until the next stage."""
        self._inbox.put(_Steer(users, STEER_RATE, None, "hand"))

    def swarm(self, users: int, spawn_rate: float, run_time_s: int | None) -> None:
        """Somebody wants as many users, and without stages of the plan for how long from now on;
        None: until somebody stops the run."""
        steer = _Steer(users, spawn_rate, None, "the web API")
        self._inbox.put(_Swarm(steer, run_time_s))

    def ask_stop(self, reason: str, by: EndedBy = "locustfile") -> None:
        """The run is to end; this is not an interruption by a person."""
        self._inbox.put(_Stop(Ending(reason, by=by)))

    def exit_asked(self, asked: ExitAsked) -> None:
        """The locustfile wants to end the program: the run is to end in order."""
        self.asked_to_exit = self.asked_to_exit or asked
        self.end(Ending(asked.words, by="locustfile"))

    def end(self, ending: Ending) -> None:
        self._inbox.put(_Stop(ending))

    def workers_changed(self) -> None:
        self._inbox.put(_WorkersChanged())

    # ---------------------------------------------------------------- the run
    def run(self) -> Ending:
        """Run all stages, or the shape until it says None."""
        began = 0.0
        for index, stage in enumerate(self.stages):
            self._until = None if stage.duration_s is None else began + stage.duration_s
            ending = self._enter(stage, int(began), first=index == 0)
            if ending is None:
                ending = self._hold()
                began = self._until if self._until is not None else began
            if ending is not None:
                return ending
        return Ending("all stages are done" if len(self.stages) > 1 else "the run time is over")

    def _enter(self, stage: StageStep, start: int, *, first: bool) -> Ending | None:
        counts = self._class_counts(stage.users)
        ramp_s = self._ramp_seconds(stage, counts)
        began = StageBegan(
            stage.name, start, stage.users, stage.spawn_rate, ramp_s, stage.duration_s
        )
        on_second_0 = self._once_started(began) if first else None
        if self._shape is not None:
            self._shape.reset_time()
            ending = self._tick_shape(self._shape)
            if ending is not None:
                return ending
        else:
            self._classes = None
            self._targets.counts = counts
            self._start_ramp(stage.total, stage.spawn_rate)
        if on_second_0 is None:
            self._observer.stage_began(began)
            return None
        return self._wait_for_second_0(on_second_0)

    def _once_started(self, began: StageBegan) -> gevent.event.Event:
        """Second 0 is when the host's test_start listeners are through, users' own included."""
        started = gevent.event.Event()

        def on_test_start(**_: Any) -> None:
            self._t0 = time.monotonic()
            self._observer.run_began(self._t0)
            self._observer.stage_began(began)
            started.set()

        self._runner.environment.events.test_start.add_listener(on_test_start)
        return started

    def _wait_for_second_0(self, started: gevent.event.Event) -> Ending | None:
        while not started.wait(timeout=0.02):
            ending = self._take(timeout=0.0)
            if ending is not None:
                return ending
        if self._shape is not None and self._t0 is not None:
            # Locust has reset it a moment later: second 3 would be 2.99 s for it.
            self._shape.start_time = time.perf_counter() - (time.monotonic() - self._t0)
        return None

    def _hold(self) -> Ending | None:
        """Serve the inbox until the stage's end; an Ending when the run ends before."""
        assert self._t0 is not None
        next_tick = math.floor(time.monotonic() - self._t0) + 1
        while True:
            elapsed, until = time.monotonic() - self._t0, self._until
            if until is not None and elapsed >= until:
                return None
            if elapsed >= next_tick:
                next_tick = math.floor(elapsed) + 1
                ending = self._every_second()
                if ending is not None:
                    return ending
            wake = next_tick if until is None else min(next_tick, until)
            ending = self._take(timeout=max(self._t0 + wake - time.monotonic(), 0.0))
            if ending is not None:
                return ending

    def _every_second(self) -> Ending | None:
        if self._shape is not None:
            ending = self._tick_shape(self._shape)
            if ending is not None:
                return ending
        return self._users_are_gone()

    def _users_are_gone(self) -> Ending | None:
        """Locust's master would run on for ever with users that have all died."""
        alive = self._observer.users_alive()
        if alive != 0 or not self._runner.target_user_count or not self._ramp_done():
            self._no_users_since = None
            return None
        now = time.monotonic()
        self._no_users_since = self._no_users_since or now
        if now - self._no_users_since < NO_USERS_S:
            return None
        return Ending("all users have stopped by themselves", by="locustfile")

    def _take(self, timeout: float) -> Ending | None:
        """Serve one request from the inbox, if one comes in time."""
        try:
            asked = self._inbox.get(timeout=timeout) if timeout else self._inbox.get_nowait()
        except Empty:
            return None
        if isinstance(asked, _Stop):
            return asked.ending
        if isinstance(asked, _Steer):
            self._steered(asked)
        elif isinstance(asked, _Swarm):
            self._swarmed(asked)
        elif self._t0 is not None:
            self._start_ramp(self._runner.target_user_count, self._rate)
        return None

    def _swarmed(self, asked: _Swarm) -> None:
        if len(self.stages) == 1 and self._t0 is not None:
            length = asked.run_time_s
            self._until = None if length is None else time.monotonic() - self._t0 + length
            self.stages[0] = self.stages[0]._replace(duration_s=self._until)
        self._steered(asked.steer)

    def _steered(self, asked: _Steer) -> None:
        counts = self._targets.counts
        if counts is not None:
            self._targets.counts = share_out(counts, asked.users)
        self._classes = asked.classes
        self._start_ramp(asked.users, asked.spawn_rate)
        text = f"{counted(asked.users, 'user')}, set by {asked.by}"
        second = 0.0 if self._t0 is None else time.monotonic() - self._t0
        self._observer.mark(Mark(second, "users", text))

    def _tick_shape(self, shape: LoadTestShape) -> Ending | None:
        try:
            target = shape.tick()
        except SystemExit as error:
            self.asked_to_exit = exit_of(error, "the load shape's tick()")
            return Ending(self.asked_to_exit.words, by="locustfile")
        except Exception as error:
            _logger.exception(TICK_ERROR)
            return Ending(f"the load shape's tick() raised {exception_text(error)}", failed=True)
        if target is None:
            return Ending("the load shape is done")
        if target != self._shape_target:
            self._shape_target = target
            users, rate, *classes = target
            self._classes = classes[0] if classes else None
            self._targets.counts = None
            self._start_ramp(users, rate)
        return None

    def _class_counts(self, users: Users) -> dict[str, int] | None:
        """Users of each class; None: Locust shares the total out by weight.  It could not
        after classes were moved independently: adding to those does not lead to the weights."""
        if not isinstance(users, int):
            return dict(users)
        return None if self._targets.counts is None else self._runner.shares(users)

    def _start_ramp(self, users: int, spawn_rate: float) -> None:
        self._rate = spawn_rate
        self._ramp = self._runner.ramp_to(users, spawn_rate, self._classes)
        self._ramp.link_exception(self._ramp_failed)

    def _ramp_failed(self, ramp: gevent.Greenlet) -> None:
        reason = f"users could not be started: {exception_text(ramp.exception)}"
        self.end(Ending(reason, failed=True))

    def _ramp_done(self) -> bool:
        return self._ramp is None or self._ramp.ready()

    def _ramp_seconds(self, stage: StageStep, counts: dict[str, int] | None) -> float:
        """How long Locust's dispatcher takes from the users of now to those of the stage."""
        if counts is None:
            steps: int = abs(stage.total - self._runner.target_user_count)
        else:
            have = self._targets.counts or self._runner.target_user_classes_count
            steps = sum(abs(counts.get(n, 0) - have.get(n, 0)) for n in {*have, *counts})
        at_once = max(1, math.floor(stage.spawn_rate))
        return max(math.ceil(steps / at_once) - 1, 0) * at_once / stage.spawn_rate


def share_out(counts: dict[str, int], total: int) -> dict[str, int]:
    """A total in the proportions of `counts`, by largest remainder; evenly if those are all 0."""
    weights = counts if any(counts.values()) else dict.fromkeys(counts, 1)
    whole = sum(weights.values())
    exact = {name: total * weight / whole for name, weight in weights.items()}
    shared = {name: math.floor(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (shared[name] - exact[name], name))
    for name in by_remainder[: total - sum(shared.values())]:
        shared[name] += 1
    return shared
