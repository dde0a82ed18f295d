"""Locust's WorkerRunner, with our recorder instead of its statistics, that stops gracefully."""

from __future__ import annotations

import logging
import os
import platform
import time
from types import TracebackType
from typing import Any

import gevent
from locust import User
from locust.env import Environment
from locust.exception import RPCError
from locust.rpc import Message
from locust.runners import STATE_INIT, STATE_STOPPED, WorkerRunner
from locust.stats import RequestStats

from loadtui.engine import protocol
from loadtui.engine.exception_text import exception_text, format_tb
from loadtui.engine.locustfile.listeners import remove_stock
from loadtui.engine.locustfile.locust_internals import (
    WORKER_REQUEST,
    WORKER_USER_ERROR,
    flush,
    use_client,
)
from loadtui.engine.locustfile.run_secrets import learn_from_changes
from loadtui.engine.locustfile.user_code import ExitAsked, ended_greenlet, mark_counted
from loadtui.engine.wall_clock import epoch_of
from loadtui.engine.worker.probes import Probes
from loadtui.engine.worker.stopping_users import let_requests_finish, let_users_finish
from loadtui.engine.worker.worker_stats import WorkerStats
from loadtui.engine.worker_socket import WorkerSocket
from loadtui.plan.model import STOP_TIMEOUT_S
from loadtui.samples.delta import Delta, encode_delta

SHIP_S = 0.25
FLUSH_S = 10.0
"""For the last messages to be read: the host may be short of CPU."""
SOON_S = 1.0
"""A worker that stops its users later than this was too busy, or a listener kept it waiting."""

_logger = logging.getLogger(__name__)


class LoadWorkerRunner(WorkerRunner):
    """Runs users, and ships what the probes recorded about four times a second."""

    def __init__(
        self,
        environment: Environment,
        connection: WorkerSocket,
        probes: Probes,
        *,
        finish_tasks: bool = False,
    ) -> None:
        """`finish_tasks`: users that are stopped may finish their task, as in Locust; else only
        the request that they are in."""
        self._client_id = connection.client_id
        self._probes = probes
        self._finish_tasks = finish_tasks
        self._seq = 0
        self._t0: float | None = None
        self._unsent: list[Delta] = []
        self._final_sent = False
        self._stopping = False
        self._ended = False
        self._told_to_go: set[Any] = set()
        """Greenlets of the users that are being stopped."""
        self.users_left = 0
        """Users that ended without being stopped, and those that could not be made."""
        self._told_at: float | None = None
        """When the host said that the run ends, on the monotonic clock."""
        environment.stats = RequestStats(use_response_times_cache=False)
        environment.runner = self
        use_client(lambda: connection)
        super().__init__(environment, "127.0.0.1", 0)
        # Only now: Locust's own report to the master goes on with the empty statistics above.
        environment.stats = self._stats = WorkerStats(environment, environment.events.request)
        remove_stock(environment.events.request, WORKER_REQUEST)
        remove_stock(environment.events.user_error, WORKER_USER_ERROR)
        environment.events.user_error.add_listener(self._on_user_error)
        self.register_message(protocol.BEGIN, self._on_begin)
        self.register_message(protocol.STOP_NOW, self._on_stop_now)

    @property
    def client_id(self) -> str:
        """By which the host knows this worker."""
        return self._client_id

    @client_id.setter
    def client_id(self, drawn: str) -> None:
        """Locust draws one of its own, which nobody knows."""

    def heartbeat_timeout_checker(self) -> None:
        """Nothing to do: a worker ends with its host's process.  Locust looks at the wall clock,
        which may be stepped, and a host may be short of CPU."""

    def hello(self) -> None:
        """Tell the host that this worker can be given users."""
        self.send_message(protocol.HELLO, {"pid": os.getpid(), "host": platform.node()})

    def ship(self, *, final: bool = False) -> None:
        """Send what was recorded since the last time, and what could not be sent then."""
        self._stats.settle(final=final)
        delta = self._probes.delta(self.worker_index, self._seq + 1, final=final)
        if delta is not None:
            self._stats.take(delta)
            self._seq += 1
            self._unsent.append(delta)
        while self._unsent:
            try:
                self.client.send(
                    Message(protocol.DELTA, encode_delta(self._unsent[0]), self.client_id)
                )
            except RPCError as error:
                _logger.error("samples could not be sent, will try again: %s", error)
                return
            self._unsent.pop(0)

    def handle_message(self, msg: Message) -> None:
        if msg.type == "stop":
            self._told_at = float(msg.data["end"]) if msg.data else None
            self.greenlet.spawn(self._stop_gracefully)
        elif msg.type == "quit":
            self.greenlet.spawn(self._quit_gracefully)
        else:
            # Messages come in order; Locust tells old ones by the wall clock, which may be stepped.
            self.last_received_spawn_timestamp = 0
            if msg.type == "spawn":
                learn_from_changes(msg.data.get("parsed_options") or {})
            super().handle_message(msg)

    def tell_exit(self, asked: ExitAsked, *, at_once: bool = False) -> None:
        """Tell the host that user code wants to end the program."""
        data = {"code": asked.code, "words": asked.words, "at_once": at_once}
        self.client.send(Message(protocol.EXIT, data, self.client_id))

    def say_goodbye(self) -> None:
        """The last of all: what listeners raised since the last samples were sent, if anything."""
        if self._final_sent:
            self.ship(final=True)
        self.client.send(Message(protocol.GOODBYE, {}, self.client_id))
        self.flush()

    def flush(self) -> None:
        """Have all that was sent reach the host; nothing can be sent afterwards."""
        flush(self.client, FLUSH_S)

    def stop(self) -> None:
        """Stop all users gracefully."""
        if self.state == STATE_STOPPED:
            return
        if self._stopping:
            while self.state != STATE_STOPPED:
                gevent.sleep(0.02)
            return
        self._stopping = True
        try:
            super().stop()
        finally:
            self._stopping = False

    def spawn_users(
        self, user_classes_spawn_count: dict[str, int], wait: bool = False
    ) -> list[User]:
        """Start so many users of each class; what one raises as it is made is counted as user
        code's, which Locust only logs."""
        before = self.user_count
        try:
            users: list[User] = super().spawn_users(user_classes_spawn_count, wait)
        except Exception as error:
            self._probes.failures.add_exception(
                exception_text(error), format_tb(error.__traceback__)
            )
            mark_counted(error)
            wanted, made = sum(user_classes_spawn_count.values()), self.user_count - before
            self.users_left += max(wanted - made, 0)
            raise
        for user in users:
            user.greenlet.link(self._user_ended)
        return users

    def _user_ended(self, greenlet: Any) -> None:
        if greenlet in self._told_to_go:
            self._told_to_go.discard(greenlet)
        elif not self._stopping:
            self.users_left += 1

    def stop_users(self, user_classes_stop_count: dict[str, int]) -> None:
        """Have so many users of each class leave; returns when they have left."""
        chosen: list[Any] = []
        left = dict(user_classes_stop_count)
        for greenlet in self.user_greenlets:
            user = greenlet.args[0] if greenlet.args else None
            name = type(user).__name__
            if user is not None and left.get(name, 0) > 0:
                left[name] -= 1
                chosen.append(user)
                self._told_to_go.add(greenlet)
        if self._stopping:
            self._end()
        timeout = self.environment.stop_timeout
        finish_tasks = self._finish_tasks or timeout != STOP_TIMEOUT_S  # set by the locustfile
        let_finish = let_users_finish if finish_tasks else let_requests_finish
        killed = let_finish(chosen, timeout, self._probes.in_flight)
        if self._stopping:
            self.ship()  # for the listeners of test_stop, which look at the statistics
        if killed:
            _logger.info(
                "%d users did not finish within %g s and were killed",
                killed,
                timeout,
            )

    def quit(self) -> None:
        """End this worker: as soon as its users have stopped and its samples are shipped."""
        self.greenlet.spawn(self._quit_gracefully)

    def _end(self) -> None:
        """The run ends for this worker, whose users are about to be stopped.

        It ends now, as long as that is soon after the host said so: requests that began on the way
        would else be late in every run.
        """
        if self._t0 is not None and not self._ended:
            self._ended = True
            now = time.monotonic()
            told = now if self._told_at is None else self._told_at
            self._probes.end((now if now - told < SOON_S else told) - self._t0)

    def _stop_gracefully(self) -> None:
        self.stop()
        self._send_last()
        self.client.send(Message("client_stopped", None, self.client_id))
        self.worker_state = STATE_INIT

    def _quit_gracefully(self) -> None:
        self.stop()
        self._send_last()
        self._send_stats()
        self.greenlet.kill(block=False)

    def _send_last(self) -> None:
        if not self._final_sent:
            self._final_sent = True
            self.ship(final=True)

    def _on_begin(self, msg: Message, **_: Any) -> None:
        self._t0 = float(msg.data["t0"])
        self._probes.begin(self._t0)
        self._stats.begin(epoch_of(self._t0))
        self.greenlet.spawn(self._ship_regularly)

    def _ship_regularly(self) -> None:
        assert self._t0 is not None
        recorder = self._probes.recorder
        while not self._final_sent:
            gevent.sleep(SHIP_S)
            epoch0 = epoch_of(self._t0)
            if abs(epoch0 - recorder.epoch0) > 0.05:  # the wall clock was stepped
                recorder.begin(epoch0)
            if not self._final_sent:
                self.ship()

    def _on_stop_now(self, **_: Any) -> None:
        self.environment.stop_timeout = 0.0
        self._kill_users("asked to stop at once")

    def _kill_users(self, why: str) -> None:
        if len(self.user_greenlets):
            _logger.info("killing %d users: %s", len(self.user_greenlets), why)
            for greenlet in self.user_greenlets:
                self._probes.in_flight.abandon(greenlet)
            self._told_to_go.update(self.user_greenlets)
            self.user_greenlets.kill(block=False)

    def _on_user_error(
        self, user_instance: object, exception: BaseException, tb: TracebackType | None, **_: Any
    ) -> None:
        if not ended_greenlet(exception):
            self._probes.failures.add_exception(exception_text(exception), format_tb(tb))
        mark_counted(exception)
