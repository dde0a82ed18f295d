"""Where a worker's custom metrics go until they are shipped."""

from __future__ import annotations

import math
import operator
import time
from collections.abc import Callable
from typing import NamedTuple

from loadtui.engine.encodable import encodable
from loadtui.engine.worker.recorder import Recorder
from loadtui.known_secrets import SECRETS
from loadtui.metrics import Trend
from loadtui.samples.delta import CounterAdd, RateAdd, TrendAdd, TrendInfo
from loadtui.samples.metric_bounds import MetricBounds
from loadtui.samples.remark_counts import RemarkCounts
from loadtui.samples.trend_bins import trend_bin_of

MAX_LABEL = 500
"""Characters of a name, an endpoint or a unit that are recorded."""


class TakenMetrics(NamedTuple):
    """What custom metrics recorded since the last time, in the layout of a Delta."""

    counters: list[CounterAdd]
    rates: list[RateAdd]
    trends: list[TrendAdd]
    trend_infos: list[TrendInfo]


class MetricSink:
    """Sums observations per metric, endpoint and second of observation.

    User code calls it: what is only odd - no finite number, below 0, beyond what is counted, too
    many names - is told in a remark; only a value of a wrong type raises there, a TypeError.
    """

    def __init__(
        self, recorder: Recorder, remarks: RemarkCounts, is_late: Callable[[], bool] = bool
    ) -> None:
        """`is_late` says of whoever calls that its requests no longer belong to the run."""
        self._recorder = recorder
        self._is_late = is_late
        self._remarks = remarks
        self._bounds = MetricBounds(remarks)
        self._counters: dict[tuple[str, str, int], int] = {}
        self._rates: dict[tuple[str, str, int], list[int]] = {}
        self._trends: dict[tuple[str, str, int, int], list[float]] = {}
        """Count, sum, least and most of each bin."""
        self._places: dict[tuple[str, str, str], tuple[str, str]] = {}
        """Kind, name and endpoint as user code gives them -> as they are sent."""
        self._known: set[str] = set()
        self._new: list[TrendInfo] = []

    def counter(self, name: str, endpoint: str, amount: int) -> None:
        """TypeError for an amount that is no whole number."""
        try:
            whole = operator.index(amount)
        except TypeError:
            raise TypeError(f"Counter {name!r} counts whole numbers, got {amount!r}") from None
        key = self._key("counter", name, endpoint)
        if key is not None:
            self._counters[key] = self._counters.get(key, 0) + self._bounds.amount(key[0], whole)

    def rate(self, name: str, endpoint: str, hit: bool) -> None:
        key = self._key("rate", name, endpoint)
        if key is not None:
            row = self._rates.setdefault(key, [0, 0])
            row[0] += bool(hit)
            row[1] += 1

    def trend(self, metric: Trend, endpoint: str, value: float) -> None:
        """TypeError for a value that is no number."""
        number = self._number(metric.name, value)
        key = None if number is None else self._key("trend", metric.name, endpoint)
        if key is None or number is None:
            return
        if key[0] not in self._known:
            self._known.add(key[0])
            self._new.append(TrendInfo(key[0], _label(metric.unit), metric.better))
        bin_ = trend_bin_of(number)
        row = self._trends.get((*key, bin_))
        if row is None:
            self._trends[(*key, bin_)] = [1, number, number, number]
            return
        row[0] += 1
        row[1] += number
        if number < row[2]:
            row[2] = number
        elif number > row[3]:
            row[3] = number

    def take(self) -> TakenMetrics:
        """Everything since the last call."""
        taken = TakenMetrics(
            [CounterAdd(*key, amount) for key, amount in self._counters.items()],
            [RateAdd(*key, *row) for key, row in self._rates.items()],
            [
                TrendAdd(*key, int(count), total, least, most)
                for key, (count, total, least, most) in self._trends.items()
            ],
            self._new,
        )
        self._new = []
        self._counters.clear()
        self._rates.clear()
        self._trends.clear()
        return taken

    def _number(self, name: str, value: object) -> float | None:
        """The value as a float of 0 or more; None for one that is left out."""
        try:
            if isinstance(value, str | bytes | bytearray):
                raise TypeError
            number = float(value)  # type: ignore[arg-type]  # whatever is a number
        except (OverflowError, ValueError):  # An int of 400 digits, Decimal("sNaN").
            number = math.nan
        except TypeError:
            raise TypeError(f"Trend {name!r} takes numbers, got {value!r}") from None
        if not math.isfinite(number):
            self._remarks.add(
                f"Trend {_label(name)!r} was given values that are no finite numbers: left out"
            )
            return None
        if number < 0:
            self._remarks.add(f"Trend {_label(name)!r} was given values below 0: they count as 0")
            return 0.0
        return number

    def _key(self, kind: str, name: str, endpoint: str) -> tuple[str, str, int] | None:
        """Name, endpoint and second under which an observation counts; None: it does not."""
        if self._is_late():
            return None
        try:
            place = self._places[kind, name, endpoint]
        except (KeyError, TypeError):  # New, or an endpoint that is no text.
            admitted = self._admitted(kind, name, endpoint)
            if admitted is None:
                return None
            place = admitted
        elapsed = time.time() - self._recorder.epoch0
        return (*place, int(elapsed) if elapsed > 0 else 0)

    def _admitted(self, kind: str, name: str, endpoint: str) -> tuple[str, str] | None:
        """Name and endpoint as they are sent; those that are sent as they were given are kept, of
        which there are no more than the bounds allow."""
        as_sent = _label(name), _label(endpoint)
        taken = self._bounds.admitted(kind, *as_sent)
        if taken is None:
            return None
        if (name, endpoint) == (as_sent[0], taken) and type(endpoint) is str:
            self._places[kind, name, endpoint] = name, endpoint
        return as_sent[0], taken


def _label(text: object) -> str:
    """A text of user code that can be sent, without secrets; empty for None, and for what cannot be
    read."""
    if not isinstance(text, str):
        try:
            text = "" if text is None else str(text)
        except Exception:  # Whatever its __str__ raises.
            text = ""
    return encodable(SECRETS.hidden_name(text[: 2 * MAX_LABEL])[:MAX_LABEL])
