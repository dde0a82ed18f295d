"""Telling Locust's own event listeners from those of the locustfile."""

from __future__ import annotations

from locust.event import EventHook

from loadtui.engine.locustfile.locust_internals import listener_named


def remove_stock(hook: EventHook, qualname: str) -> None:
    """Take a listener that Locust registered itself off a hook.

    Raises RuntimeError when it is not there: this Locust is built differently, and leaving its
    listener in place would count everything twice.
    """
    listener = listener_named(hook, qualname)
    if listener is None:
        raise RuntimeError(f"locust has no listener {qualname} to take the place of")
    hook.remove_listener(listener)
