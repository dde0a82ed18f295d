"""How a worker ends users: gracefully, none is cut off in a request that it has begun.

Locust kills users that are between two tasks, but the kill takes effect a moment later: by then a
user without think time has begun its next request.  Here state and kill are one step.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import gevent
from gevent.pool import Group
from locust import User

from loadtui.engine.locustfile.locust_internals import end_idle_user, end_or_ask_user
from loadtui.engine.worker.in_flight import InFlight

ON_STOP_S = 2.0
"""Beyond the stop timeout, time for the on_stop of killed users before they are killed again."""
LOOK_EVERY_S = 0.05


def let_users_finish(
    users: Iterable[User], stop_timeout: float, in_flight: InFlight | None = None
) -> int:
    """Have users finish their task and go; kill those that need longer than `stop_timeout` seconds.

    Returns how many had to be killed.
    """
    leaving = _Leaving(users, in_flight or InFlight())
    if stop_timeout:
        for user in leaving.users:
            leaving.in_hub(end_or_ask_user, user)
        leaving.group.join(timeout=stop_timeout)
    return leaving.kill()


def let_requests_finish(users: Iterable[User], stop_timeout: float, in_flight: InFlight) -> int:
    """Have users finish the request that they are in, and send no other; kill those that need
    longer than `stop_timeout` seconds.

    A user that sleeps outside of a request goes at once; one that waits for something else, as
    for an answer that a client of its own has asked for, goes when it next sleeps or sends.
    Returns how many had to be killed.
    """
    leaving = _Leaving(users, in_flight)
    in_flight.leave(leaving.users)
    deadline = time.monotonic() + stop_timeout
    staying = list(leaving.users)

    def end(user: User) -> None:
        if end_idle_user(user, in_flight.holds, in_flight.abandon):
            staying[:] = (other for other in staying if other is not user)

    while stop_timeout and leaving.group and time.monotonic() < deadline:
        for user in staying:
            leaving.in_hub(end, user)
        leaving.group.join(timeout=min(LOOK_EVERY_S, max(deadline - time.monotonic(), 0.0)))
    killed = leaving.kill()
    in_flight.left(leaving.users)
    return killed


class _Leaving:
    """Users that are to go, without the one whose own code stops them: that one is told to."""

    def __init__(self, users: Iterable[User], in_flight: InFlight) -> None:
        self.group = Group()
        self.users: list[User] = []
        self._in_flight = in_flight
        self._loop = gevent.get_hub().loop
        for user in users:
            greenlet = user.greenlet
            if greenlet is gevent.getcurrent():
                user.group.killone(greenlet, block=False)
                continue
            self.group.add(greenlet)
            self.users.append(user)

    def in_hub(self, function: Any, *args: Any) -> None:
        """Call it where no user can run meanwhile."""
        self._loop.run_callback(function, *args)

    def kill(self) -> int:
        """Kill those that are still there; how many."""
        late = len(self.group)
        if late:
            for greenlet in self.group:
                self._in_flight.abandon(greenlet)
            self.group.kill(block=True, timeout=ON_STOP_S)
            self.group.kill(block=False)
        return late
