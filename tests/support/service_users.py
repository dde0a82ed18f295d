"""A user of an AI service with everything that it reports, for processes in which Locust was
imported first of all."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from locust.env import Environment

from loadtui.engine.exception_text import failure_text
from loadtui.metrics import Trend


class Noted:
    """A sink for custom metrics that keeps every observation: (name, endpoint) -> values."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], list[float]] = {}

    def counter(self, name: str, endpoint: str, amount: int) -> None:
        self.values.setdefault((name, endpoint), []).append(amount)

    def rate(self, name: str, endpoint: str, hit: bool) -> None:
        self.values.setdefault((name, endpoint), []).append(hit)

    def trend(self, metric: Trend, endpoint: str, value: float) -> None:
        self.values.setdefault((metric.name, endpoint), []).append(value)

    def of(self, name: str) -> list[float]:
        """All values of a metric."""
        return [v for (known, _), values in self.values.items() if known == name for v in values]


def new_user(kind: type, url: str, **attributes: Any) -> Any:
    """A user of this class, and in its `told` what the request event was told."""
    made = type(kind.__name__, (kind,), {"host": url, **attributes})
    environment = Environment(parsed_options=SimpleNamespace())
    told: list[dict[str, Any]] = []
    environment.events.request.add_listener(lambda **meta: told.append(meta))
    user = made(environment)
    user.told = told
    return user


def failures(user: Any) -> list[str]:
    """The failures of all requests so far, as they would be kept; empty: it was none."""
    return [
        "" if meta["exception"] is None else failure_text(meta["exception"]) for meta in user.told
    ]
