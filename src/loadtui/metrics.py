"""Custom metrics for scenarios: `from loadtui import Counter, Rate, Trend`.

Under loadtui the engine sets a sink and every `add` is recorded; under plain `locust` there is no
sink and `add` does nothing, so the same file runs with both.
"""

from __future__ import annotations

from typing import Literal, Protocol


class Sink(Protocol):
    """Where observations go; set by the engine in a worker."""

    def counter(self, name: str, endpoint: str, amount: int) -> None: ...
    def rate(self, name: str, endpoint: str, hit: bool) -> None: ...
    def trend(self, metric: Trend, endpoint: str, value: float) -> None: ...


_sink: Sink | None = None


def set_sink(sink: Sink | None) -> None:
    """Send observations of all metrics of this process to `sink`; None: drop them."""
    global _sink
    _sink = sink


class Counter:
    """Counts events, e.g. `Counter("sandbox_violations").add()`.  Compared exactly."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = _named(name)

    def add(self, amount: int = 1, *, endpoint: str = "") -> None:
        """Add a whole number of events; 0 makes the counter known without counting anything."""
        if _sink is not None:
            _sink.counter(self.name, endpoint, amount)


class Rate:
    """A share of observations, e.g. `Rate("timeout_rate").add(timed_out)`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = _named(name)

    def add(self, hit: bool, *, endpoint: str = "") -> None:
        """Record one observation that was (True) or was not (False) a hit."""
        if _sink is not None:
            _sink.rate(self.name, endpoint, hit)


class Trend:
    """A distribution, e.g. `Trend("ttft", unit="ms").add(83.1, endpoint="POST /v1/chat")`.

    Mean, smallest and largest value are exact; percentiles are read from bins, with an error of at
    most 0.39 %, and exactly of whole numbers below 256.  ValueError for another `better` than these
    two.
    """

    __slots__ = ("better", "name", "unit")

    def __init__(
        self, name: str, unit: str = "", better: Literal["lower", "higher"] = "lower"
    ) -> None:
        self.name = _named(name)
        if better not in ("lower", "higher"):
            raise ValueError(f"better of {name!r} is lower or higher, got {better!r}")
        self.unit = unit
        self.better = better

    def add(self, value: float, *, endpoint: str = "") -> None:
        """Record one value, in the metric's unit; values below 0 count as 0, and what is no finite
        number is left out, which the report says."""
        if _sink is not None:
            _sink.trend(self, endpoint, value)


def _named(name: str) -> str:
    if not name or not isinstance(name, str):
        raise ValueError(f"a metric needs a name, got {name!r}")
    return name
