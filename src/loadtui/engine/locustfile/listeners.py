"""Telling Locust's own event listeners from those of the locustfile."""

from __future__ import annotations

from locust.event import EventHook


def remove_stock(hook: EventHook, qualname: str) -> None:
    """Take a listener that Locust registered itself off a hook.

    Raises RuntimeError when it is not there: this Locust is built differently, and leaving its
    listener in place would count everything twice.
    """
    for handler in list(hook._handlers):
        if getattr(handler, "__qualname__", "") == qualname and handler.__module__.startswith(
            "locust."
        ):
            hook.remove_listener(handler)
            return
    raise RuntimeError(f"locust has no listener {qualname} to take the place of")
