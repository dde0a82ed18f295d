"""Users leaving in order: none is cut off in a request that it has begun.

Locust kills users that are between two tasks, but the kill takes effect a moment later: by then a
user without think time has begun its next request.  Here state and kill are one step.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gevent
from gevent.pool import Group
from greenlet import GreenletExit
from locust import User
from locust.user.task import (
    LOCUST_STATE_RUNNING,
    LOCUST_STATE_STOPPING,
    LOCUST_STATE_WAITING,
)

ON_STOP_S = 2.0
"""Beyond the stop timeout, time for the on_stop of killed users before they are killed again."""


def let_users_finish(users: Iterable[User], stop_timeout: float) -> int:
    """Have users finish their task and go; kill those that need longer than `stop_timeout` seconds.

    Returns how many had to be killed.
    """
    leaving = Group()
    loop = gevent.get_hub().loop
    for user in users:
        greenlet = user.greenlet
        if greenlet is gevent.getcurrent():  # the user's own code stops the users
            user.group.killone(greenlet, block=False)
            continue
        leaving.add(greenlet)
        if stop_timeout:
            loop.run_callback(_ask, user)
    if stop_timeout:
        leaving.join(timeout=stop_timeout)
    late = len(leaving)
    if late:
        leaving.kill(block=True, timeout=ON_STOP_S)
        leaving.kill(block=False)
    return late


def _ask(user: Any) -> None:
    """In the hub, where no user can run meanwhile: end a waiting user, let a busy one finish."""
    greenlet = user.greenlet
    if greenlet.dead:
        return
    if user._state in (None, LOCUST_STATE_WAITING):
        greenlet.throw(GreenletExit)
    elif user._state == LOCUST_STATE_RUNNING:
        user._state = LOCUST_STATE_STOPPING
