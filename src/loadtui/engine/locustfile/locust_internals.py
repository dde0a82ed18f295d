"""Names of Locust that host and workers use beyond its documentation (its HTTP clients have a file
of their own).

Seen in Locust 2.47.0.  A test looks for each of them in the Locust that is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import gevent.hub
import locust.runners
from greenlet import GreenletExit
from locust.event import EventHook
from locust.exception import InterruptTaskSet, StopTest, StopUser
from locust.rpc.zmqrpc import BaseSocket, Client
from locust.user.task import (
    LOCUST_STATE_RUNNING,
    LOCUST_STATE_STOPPING,
    LOCUST_STATE_WAITING,
)

MASTER_REQUEST = WORKER_REQUEST = "Runner.__init__.<locals>.on_request"
"""The listener with which Locust fills its own statistics, in every runner."""
WORKER_USER_ERROR = "WorkerRunner.__init__.<locals>.on_user_error"
"""The listener with which a worker notes exceptions of its users."""
LISTENER_ERROR = "Uncaught exception in event handler"
"""What Locust's log says of a listener that raised starts with this."""
LOGGED_ERRORS = (
    LISTENER_ERROR,
    "Uncaught exception in on_stop",
    "Uncaught exception in handler for ",
)
"""And of a listener, a TaskSet's on_stop or the listener of a message."""

USER_ENDS = (GreenletExit, StopUser, StopTest, InterruptTaskSet)
"""What ends a user or its TaskSet; Locust calls `on_stop` while it handles one of them."""

DISPATCHER_ATTRIBUTES = (
    "_active_users",
    "_current_user_count",
    "_dispatch_in_progress",
    "_original_user_classes",
    "_rebalance",
    "_try_dispatch_fixed",
    "_user_count_per_dispatch_iteration",
    "_users_on_workers",
    "_wait_between_dispatch",
    "_worker_node_generator",
    "_worker_nodes",
)
"""What StageDispatcher reads and writes of the UsersDispatcher it inherits from."""
DISPATCHER_METHODS = ("_dispatcher", "_distribute_users", "_user_gen")
"""What StageDispatcher calls or replaces of it."""
MASTER_ATTRIBUTES = ("_users_dispatcher",)
"""What LoadMasterRunner reads and writes of the MasterRunner it inherits from."""


def has_listeners(hook: EventHook) -> bool:
    return bool(hook._handlers)


def share_listeners(hook: EventHook, other: EventHook) -> None:
    """Have what is added to either of two hooks called by both."""
    other._handlers = hook._handlers


def listener_named(hook: EventHook, qualname: str) -> Callable[..., Any] | None:
    """The listener of this qualified name that Locust registered itself."""
    for handler in hook._handlers:
        own = getattr(handler, "__module__", "").startswith("locust.")
        if own and getattr(handler, "__qualname__", "") == qualname:
            return handler  # type: ignore[no-any-return]
    return None


def flush(client: Client, timeout_s: float) -> None:
    """Close a worker's connection once all that it sent is on its way; blocks this process, for no
    longer than the timeout."""
    context = client.socket.context
    client.close(linger=int(timeout_s * 1000))
    context.term()


class RpcSocket(BaseSocket):
    """What the sockets are made of that host and workers meet on."""

    def __init__(self, kind: int) -> None:
        """`kind` is one of zmq."""
        super().__init__(kind, ipv4_only=True)


def use_server(make: Callable[[], RpcSocket]) -> None:
    """What a MasterRunner listens on, in place of a TCP port."""
    locust.runners.rpc = SimpleNamespace(Server=lambda host, port: make())


def use_client(make: Callable[[], RpcSocket]) -> None:
    """What a WorkerRunner connects by, in place of a TCP connection."""
    locust.runners.rpc = SimpleNamespace(Client=lambda host, port, identity: make())


def set_heartbeat_liveness(seconds: int) -> None:
    """After so many seconds of silence the master takes a worker for missing."""
    locust.runners.HEARTBEAT_LIVENESS = seconds


def end_idle_user(
    user: Any, in_request: Callable[[Any], bool], before: Callable[[Any], None]
) -> bool:
    """End a user that waits between two tasks, or sleeps in one outside of a request; have any
    other end after its task.  Whether it was ended; `before` is called with its greenlet then.

    State and kill are one step, so it is to be called in the hub, where no user can run meanwhile.
    """
    greenlet = user.greenlet
    if greenlet.dead:
        return True
    if user._state == LOCUST_STATE_RUNNING:
        user._state = LOCUST_STATE_STOPPING
    if user._state == LOCUST_STATE_STOPPING:
        frame = greenlet.gr_frame
        asleep = frame is not None and frame.f_code is gevent.hub.sleep.__code__
        if not asleep or in_request(greenlet):
            return False
    before(greenlet)
    greenlet.throw(GreenletExit)
    return True


def end_or_ask_user(user: Any) -> None:
    """End a user that waits between two tasks, have one that is in a task end after it.

    State and kill are one step, so it is to be called in the hub, where no user can run meanwhile.
    """
    greenlet = user.greenlet
    if greenlet.dead:
        return
    if user._state in (None, LOCUST_STATE_WAITING):
        greenlet.throw(GreenletExit)
    elif user._state == LOCUST_STATE_RUNNING:
        user._state = LOCUST_STATE_STOPPING
