"""What a worker ships to the host about four times a second, and what the journal keeps.

All lists are flat, fixed-width rows of integers, since a delta is encoded and decoded thousands of
times in a run.  Endpoint numbers are the worker's own; `endpoints` announces each number once.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

NO_BIN = 65535
"""Stands for `response_time=None`: counted, but in no bin."""


HOST = 65535
"""Worker number under which the journal keeps what the host itself has to say."""


class BinCount(NamedTuple):
    """Requests of one endpoint that started in one second and fell into one latency bin."""

    endpoint: int
    ok: int
    """1 finished well, 0 failed."""
    second: int
    """Seconds since the run's start in which the request started, >= 0."""
    bin: int
    count: int  # type: ignore[assignment]  # a field, not tuple.count


class WindowSums(NamedTuple):
    """Exact sums beside the cells: one row per endpoint, outcome and second of start."""

    endpoint: int
    ok: int
    second: int
    count: int  # type: ignore[assignment]  # a field, not tuple.count
    sum_us: int
    min_us: int
    """-1 when no request of the row had a response time."""
    max_us: int
    bytes: int


class LateCount(NamedTuple):
    """Requests of one endpoint and outcome that started after the end of the run."""

    endpoint: int
    ok: int
    count: int  # type: ignore[assignment]  # a field, not tuple.count


class ErrorCount(NamedTuple):
    """Failures of one kind since the last delta; times are seconds since the run's start."""

    method: str
    name: str
    message: str
    count: int  # type: ignore[assignment]  # a field, not tuple.count
    first: float
    last: float


class ExceptionCount(NamedTuple):
    """Exceptions that user code raised since the last delta."""

    message: str
    traceback: str
    count: int  # type: ignore[assignment]  # a field, not tuple.count
    first: float
    last: float


class CounterAdd(NamedTuple):
    name: str
    endpoint: str
    second: int
    amount: int


class RateAdd(NamedTuple):
    name: str
    endpoint: str
    second: int
    hits: int
    trials: int


class TrendAdd(NamedTuple):
    """Values of a Trend that lie in one of its bins."""

    name: str
    endpoint: str
    second: int
    bin: int
    """As samples.trend_bins numbers them."""
    count: int  # type: ignore[assignment]  # a field, not tuple.count
    sum: float | None = None
    """None, as for the next two: a version that wrote bins of round(1000 * value) and nothing
    else."""
    min: float | None = None
    max: float | None = None


class TrendInfo(NamedTuple):
    """Announced once for each Trend: what its values mean."""

    name: str
    unit: str
    better: str
    """`lower` or `higher`."""


class RemarkCount(NamedTuple):
    """Something the reader of the report has to know, and how often it came about since the last
    delta; remarks of one text are one."""

    text: str
    """A sentence without its full stop and without the number."""
    count: int  # type: ignore[assignment]  # a field, not tuple.count


class WorkerHealth(NamedTuple):
    """A worker's own state over one second of the run."""

    second: int
    cpu: float
    """Share of one core used, 0..1 (above 1 with busy threads)."""
    wait: float
    """Share of the second spent waiting for a CPU: run queue and cgroup throttling."""
    lag_ms: float
    """Median lateness of a short timer in the worker's event loop."""
    users: int
    in_flight: int
    left: int = 0
    """Users so far that the worker did not stop: they left, or what they raised ended them."""


class Delta(msgspec.Struct, array_like=True):
    """Everything a worker recorded since its last delta."""

    worker: int
    seq: int
    """1, 2, 3, ...; a gap means that samples were lost."""
    total: int
    """Requests this worker has recorded so far; the host's own sum must agree."""
    endpoints: list[tuple[int, str, str]] = []
    """(number, method, name) of endpoints seen for the first time."""
    cells: list[int] = []
    """Rows of Cell, flattened."""
    windows: list[int] = []
    """Rows of Window, flattened."""
    errors: list[ErrorCount] = []
    errors_dropped: int = 0
    """Failures whose kind was not kept because there were too many kinds; negative when more of
    them are among `errors` now."""
    exceptions: list[ExceptionCount] = []
    counters: list[CounterAdd] = []
    rates: list[RateAdd] = []
    trends: list[TrendAdd] = []
    trend_infos: list[TrendInfo] = []
    health: list[WorkerHealth] = []
    unfinished: int = 0
    """Requests killed in flight so far (a running total, not a difference)."""
    final: bool = False
    """True: this worker's users are gone; only exceptions may follow."""
    remarks: list[RemarkCount] = []
    exceptions_dropped: int = 0
    """The same of exceptions."""
    late: list[LateCount] = []
    """Requests that started after the end of the run; they are in no other row and no total."""


CELL_WIDTH = len(BinCount._fields)
WINDOW_WIDTH = len(WindowSums._fields)

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Delta)


def encode_delta(delta: Delta) -> bytes:
    return _encoder.encode(delta)


def decode_delta(data: bytes) -> Delta:
    """Raises msgspec.DecodeError or msgspec.ValidationError for anything that is not a delta."""
    return _decoder.decode(data)
