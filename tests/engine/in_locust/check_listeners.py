from __future__ import annotations

import logging

import pytest
from locust import User
from locust.env import Environment
from locust.event import EventHook

from loadtui.engine.locustfile.listener_errors import ListenerErrors
from loadtui.engine.locustfile.listeners import remove_stock

STOCK = "Runner.__init__.<locals>.on_request"


class Anna(User):
    pass


def test_locusts_listener_goes_and_the_locustfiles_stay() -> None:
    environment = Environment(user_classes=[Anna])
    hook = environment.events.request

    @hook.add_listener
    def own(**_: object) -> None:
        """Called the same, but not Locust's."""

    own.__qualname__ = STOCK
    environment.create_local_runner()
    assert len(hook._handlers) == 2
    remove_stock(hook, STOCK)
    assert hook._handlers == [own]
    environment.events.request.fire(
        request_type="GET", name="/", response_time=1, response_length=1, exception=None, context={}
    )
    assert environment.stats.total.num_requests == 0


def test_a_locust_built_differently_is_refused() -> None:
    with pytest.raises(RuntimeError, match="locust has no listener Runner"):
        remove_stock(EventHook(), STOCK)


def test_exceptions_of_listeners_are_passed_on() -> None:
    seen: list[tuple[str, str]] = []
    handler = ListenerErrors(lambda message, text: seen.append((message, text)))
    hook = EventHook()

    @hook.add_listener
    def _(**_: object) -> None:
        raise ValueError("odd")

    logging.getLogger().addHandler(handler)
    try:
        hook.fire()
        logging.error("something else: %s", "ValueError: even")
    finally:
        logging.getLogger().removeHandler(handler)
    ((message, text),) = seen
    assert message == "ValueError: odd"
    assert "Traceback" in text
