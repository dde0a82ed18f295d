"""Locust's MasterRunner, which carries out what its owner, the director, decides.

`start`, `stop` and `quit` are called from many places: the locustfile, Locust's own message and
heartbeat greenlets, the stages.  Here all of them only ask the owner, except the owner's own ramp
greenlet, which runs Locust's `start`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, Protocol

import gevent
from gevent.event import Event
from locust.env import Environment
from locust.rpc import Message
from locust.runners import STATE_INIT, STATE_STOPPED, STATE_STOPPING, MasterRunner

from loadtui.engine import protocol
from loadtui.engine.locustfile.listeners import remove_stock
from loadtui.engine.locustfile.locust_internals import (
    MASTER_REQUEST,
    set_heartbeat_liveness,
    use_server,
)
from loadtui.engine.locustfile.user_code import ExitAsked
from loadtui.engine.worker_socket import HostSocket

HEARTBEAT_LIVENESS_S = 15
"""Silence after which a worker counts as missing.  Local workers that died are known by their
process at once; one that is only starved must not have its users moved about."""
FINAL_GRACE_S = 10.0
"""Beyond the stop timeout, how long to wait for the last samples of a worker."""


_logger = logging.getLogger(__name__)

BY_LOCUSTFILE = "the locustfile ended the run"


class Owner(Protocol):
    """Whoever decides about users; called from any greenlet, must not block."""

    def ask_users(self, users: int, spawn_rate: float, classes: list[Any] | None) -> None: ...
    def ask_stop(self, reason: str) -> None: ...
    def exit_asked(self, asked: ExitAsked) -> None: ...
    def workers_changed(self) -> None: ...


class LoadMasterRunner(MasterRunner):
    """Hands users out to workers; holds no statistics of its own."""

    _users_dispatcher: Any

    server: HostSocket

    def __init__(
        self, environment: Environment, on_delta: Callable[[bytes, int], bool], socket: HostSocket
    ) -> None:
        """`on_delta` takes what a worker recorded, and the worker's number, and says whether that
        was the last of it."""
        set_heartbeat_liveness(HEARTBEAT_LIVENESS_S)
        self.helloes: dict[str, dict[str, Any]] = {}
        """Client id -> the data of the worker's hello."""
        self.hello_arrived = Event()
        self.stopped = Event()
        """Set once test_stop was fired."""
        self.last_words: dict[str, str] = {}
        """Client id -> why that worker ended at once."""
        self._goodbyes: set[str] = set()
        self._goodbye_arrived = Event()
        self._finals: set[str] = set()
        self._final_arrived = Event()
        self._on_delta = on_delta
        self._ramp: gevent.Greenlet | None = None
        self.owner: Owner
        self.in_listener: Callable[[], bool] = bool
        """Whether whoever asks is in an event listener of the locustfile."""
        use_server(lambda: socket)
        super().__init__(environment, "127.0.0.1", 0)
        # The number of a worker is that of its process, whichever is the first to come.
        self.worker_indexes.update(socket.workers)
        self.worker_index_max = len(socket.workers)
        remove_stock(environment.events.request, MASTER_REQUEST)
        self.register_message(protocol.HELLO, self._on_hello)
        self.register_message(protocol.DELTA, self._on_delta_message)
        self.register_message(protocol.EXIT, self._on_exit)
        self.register_message(protocol.GOODBYE, self._on_goodbye)

    # ---------------------------------------------------------------- what the owner calls
    def ramp_to(self, users: int, spawn_rate: float, classes: list[Any] | None) -> gevent.Greenlet:
        """Start moving to a number of users; a ramp under way is ended first."""
        self.end_ramp()
        self._ramp = gevent.spawn(super().start, users, spawn_rate, False, classes)
        return self._ramp

    def shares(self, users: int) -> dict[str, int]:
        """Users of each class when so many are shared out by weight; after the first ramp."""
        shares: dict[str, int] = self._users_dispatcher.shares(users)
        return shares

    def end_ramp(self) -> None:
        if self._ramp is not None:
            self._ramp.kill(block=True)
            self._ramp = None

    def stop_gracefully(self, timeout_s: float, ended: Callable[[float], None]) -> list[str]:
        """Stop all users, wait for every worker's last samples, then fire test_stop.

        `ended` is called with the moment of the monotonic clock at which the load ended: when the
        workers are told to stop.
        Returns the client ids of workers that did not hand in their last samples in time.
        """
        self.end_ramp()
        if self.state in (STATE_INIT, STATE_STOPPED):
            ended(time.monotonic())
            self.stopped.set()
            return []
        self.environment.events.test_stopping.fire(environment=self.environment)
        self.final_user_classes_count = {**self.reported_user_classes_count}
        self.update_state(STATE_STOPPING)
        self._users_dispatcher = None
        waiting = {client.id for client in self.clients.all}
        end = time.monotonic()
        ended(end)
        for client_id in waiting:
            self.server.send_to_client(Message("stop", {"end": end}, client_id))
        missing = self._wait_for_finals(waiting, timeout_s + FINAL_GRACE_S)
        self.update_state(STATE_STOPPED)
        self.environment.events.test_stop.fire(environment=self.environment)
        self.stopped.set()
        return missing

    def quit_workers(self) -> None:
        """Tell all workers to end; the message greenlets run on until they have answered."""
        for client_id in self.helloes:
            self.server.send_to_client(Message("quit", None, client_id))

    def stop_at_once(self) -> None:
        """While stopping: do not wait for requests in flight any longer."""
        for client_id in self.helloes:
            self.server.send_to_client(Message(protocol.STOP_NOW, None, client_id))

    def lose(self, client_id: str) -> None:
        """A worker's process is gone: its users are shared out among the others."""
        self._note_final(client_id)
        node = self.clients.get(client_id)
        if node is None:
            return
        del self.clients[client_id]
        if self._users_dispatcher is not None and len(self.clients):
            self._users_dispatcher.remove_worker(node)
            self.owner.workers_changed()

    # ---------------------------------------------------------------- what anybody may call
    def start(
        self, user_count: int, spawn_rate: float, wait: bool = False, user_classes: Any = None
    ) -> None:
        if self._asked_by_locust():  # a worker came or went
            self.owner.workers_changed()
        else:
            self.owner.ask_users(user_count, spawn_rate, user_classes)

    def stop(self, send_stop_to_client: bool = True) -> None:
        self._ask_stop("the locustfile stopped the run")

    def quit(self) -> None:
        self._ask_stop(BY_LOCUSTFILE)

    def _ask_stop(self, reason: str) -> None:
        if self.stopped.is_set() or self.state in (STATE_STOPPING, STATE_STOPPED):
            return
        if self._asked_by_locust():
            if self.worker_count <= 0:
                left = self._finals >= set(self.helloes)
                self.owner.ask_stop(BY_LOCUSTFILE if left else "no worker is left")
            return
        self.owner.ask_stop(reason)
        # Locust's stop() returns when the users have stopped; not from a listener, which the
        # owner itself may be waiting for.
        if gevent.getcurrent() is not self._ramp and not self.in_listener():
            self.stopped.wait()

    def _asked_by_locust(self) -> bool:
        """Whether it is one of Locust's own greenlets that asks, and no listener in it."""
        return gevent.getcurrent() in self.greenlet and not self.in_listener()

    def check_stopped(self) -> None:
        """Nothing to do: the state follows from `stop_gracefully`, not from single messages."""

    # ---------------------------------------------------------------- messages
    def handle_message(self, client_id: str, msg: Message) -> None:
        if msg.type == "client_stopped":
            node = self.clients.get(msg.node_id)
            if node is not None:
                node.state, node.user_classes_count = STATE_INIT, {}
            return
        if msg.type == "locustfile":  # which workers have; it is for nobody else
            _logger.warning("refused to hand out the locustfile")
            return
        try:
            super().handle_message(client_id, msg)
        except Exception as error:
            worker = self.get_worker_index(client_id)
            _logger.exception("worker %d sent %r, which cannot be: %s", worker, msg.type, error)

    def _on_hello(self, msg: Message, **_: Any) -> None:
        self.helloes[msg.node_id] = {**msg.data, "index": self.get_worker_index(msg.node_id)}
        self.hello_arrived.set()

    def _on_delta_message(self, msg: Message, **_: Any) -> None:
        if self._on_delta(msg.data, self.get_worker_index(msg.node_id)):
            self._note_final(msg.node_id)

    def _on_exit(self, msg: Message, **_: Any) -> None:
        asked = ExitAsked(msg.data["code"], msg.data["words"])
        if msg.data["at_once"]:
            self.last_words[msg.node_id] = asked.words
        else:
            self.owner.exit_asked(asked)

    def _on_goodbye(self, msg: Message, **_: Any) -> None:
        self._goodbyes.add(msg.node_id)
        self._goodbye_arrived.set()

    def wait_for_goodbyes(self, clients: set[str], timeout_s: float) -> None:
        """Return when these workers have nothing more to say."""
        with gevent.Timeout(timeout_s, False):
            while not clients <= self._goodbyes:
                self._goodbye_arrived.clear()
                self._goodbye_arrived.wait()

    def _note_final(self, client_id: str) -> None:
        """Nothing more will come from this worker."""
        self._finals.add(client_id)
        self._final_arrived.set()

    def _wait_for_finals(self, waiting: set[str], timeout_s: float) -> list[str]:
        with gevent.Timeout(timeout_s, False):
            while not waiting <= self._finals:
                self._final_arrived.clear()
                self._final_arrived.wait()
        return sorted(waiting - self._finals)


def client_of(runner: LoadMasterRunner, index: int) -> str | None:
    """Client id of the worker with this index."""
    return next((c for c, hello in runner.helloes.items() if hello["index"] == index), None)
