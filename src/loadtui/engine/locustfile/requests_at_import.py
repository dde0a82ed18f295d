"""Locust's `request` event from before the locustfile is imported until a process records it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import locust
from locust.event import EventHook

from loadtui.engine.locustfile.locust_internals import share_listeners


class RequestsAtImport(EventHook):
    """What is fired at import only reaches listeners: Locust counts requests from its runner on."""

    def __init__(self) -> None:
        super().__init__()
        self._hook: EventHook | None = None

    def hand_over(self, hook: EventHook) -> None:
        """Put a hook in this one's place, with the listeners that were added here; it also gets
        what user code that holds on to this one fires or adds later."""
        share_listeners(self, hook)
        self._hook = locust.events.request = hook

    def fire(self, /, *, reverse: bool = False, **kwargs: Any) -> None:
        if self._hook is None:
            super().fire(reverse=reverse, **kwargs)
        else:
            self._hook.fire(reverse=reverse, **kwargs)

    def measure(
        self, request_type: str, name: str, response_length: int = 0, context: Any = None
    ) -> AbstractContextManager[dict[str, Any]]:
        measure = super().measure if self._hook is None else self._hook.measure
        block: AbstractContextManager[dict[str, Any]]
        block = measure(request_type, name, response_length, context)
        return block
