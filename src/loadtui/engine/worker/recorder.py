"""The recorder: turns finished requests into bins and exact sums, in a worker, on the hot path.

A request costs one dictionary look-up, one bin and a handful of additions.  Sums are kept per
endpoint, outcome and second of start; `take` hands over what came since the last call.
"""

from __future__ import annotations

from collections import defaultdict

from loadtui.engine.encodable import shortened
from loadtui.engine.untrusted import shown_name
from loadtui.samples.bins import MAX_US
from loadtui.samples.delta import NO_BIN, LateCount
from loadtui.samples.endpoint_table import MAX_ENDPOINTS, MAX_NAME, EndpointTable
from loadtui.store.books import LATE, RECORDED, blank_page

_MAX_SHIFT = MAX_US.bit_length() - 8
_NONE_YET = MAX_US + 1


class _Row:
    """The requests of one endpoint and outcome that started in one second."""

    __slots__ = (
        "bins", "bytes", "late", "max_us", "min_us", "since", "sum_us", "until", "untimed",
    )  # fmt: skip

    def __init__(self, since: float, until: float) -> None:
        self.since = since
        self.until = until
        """Epoch seconds at which the row's second, or the run, ends."""
        self.late = since == until
        """Whether they started after the end of the run."""
        self.bins: defaultdict[int, int] = defaultdict(int)
        self.untimed = 0
        """Requests that are in no bin, since they have no response time."""
        self.sum_us = 0
        self.min_us = _NONE_YET
        self.max_us = -1
        self.bytes = 0

    @property
    def count(self) -> int:
        return sum(self.bins.values()) + self.untimed


class Recorder:
    """Counts the requests of this process.

    `epoch0` is the run's second 0 on this machine's wall clock; until `begin` is called everything
    belongs to second 0.  What starts after the run's end is late: only counted, in no row.
    """

    def __init__(self) -> None:
        self.epoch0 = float("inf")
        self.page = blank_page()
        """Of this worker in the run's books."""
        self._recorded = 0
        """What is on the page: to read it there would cost as much as to write it."""
        self._end_s = float("inf")
        """The end of the run in seconds since second 0."""
        self._late: dict[tuple[int, int], _Row] = {}
        """(endpoint number, ok) -> requests that started after the end, since the last take."""
        self._taken = 0
        """Requests handed over so far."""
        self._endpoints = EndpointTable(MAX_ENDPOINTS)
        self._announced = 0
        self._latest: dict[tuple[str, str, bool], _Row] = {}
        """The row of the newest second seen, per endpoint and outcome: where most requests go."""
        self._rows: dict[tuple[int, int, int], _Row] = {}
        """(endpoint number, ok, second) -> row, since the last take."""

    @property
    def total(self) -> int:
        """Requests recorded so far, without the late ones."""
        return self._taken + sum(row.count for row in self._rows.values())

    def begin(self, epoch0: float) -> None:
        """Set the wall-clock time of second 0; called again when the clock was stepped."""
        self.epoch0 = epoch0
        self._latest.clear()

    def end(self, end_s: float) -> None:
        """The run ended so many seconds after second 0."""
        self._end_s = end_s
        self._latest.clear()

    def is_late(self, start: float) -> bool:
        """Whether what starts then, in epoch seconds, starts after the end of the run."""
        return start - self.epoch0 >= self._end_s

    def record(
        self,
        method: str,
        name: str,
        start: float,
        response_time: float | None,
        size: int,
        ok: bool,
    ) -> None:
        """Count one finished request, which was entered in the books when it began.

        `start` is in epoch seconds, `response_time` in milliseconds, `size` in bytes.
        """
        try:
            row = self._latest[method, name, ok]
        except KeyError:
            row = self._row(method, name, start, ok)
        if not row.since <= start < row.until:
            row = self._row(method, name, start, ok)
        if row.late:
            self.page[LATE] += 1
        else:
            self._recorded = self.page[RECORDED] = self._recorded + 1
        row.bytes += size
        if response_time is None:
            row.untimed += 1
            return
        # bin_of, written out: a call would cost a fifth of all this.
        us = int(response_time * 1000.0 + 0.5)
        if us >= 256:
            shift = us.bit_length() - 8
            if shift > _MAX_SHIFT:
                us, shift = MAX_US, _MAX_SHIFT
            row.bins[(shift << 7) + (us >> shift)] += 1
        else:
            if us < 0:  # noqa: PLR1730
                us = 0
            row.bins[us] += 1
        row.sum_us += us
        if us > row.max_us:  # noqa: PLR1730
            row.max_us = us
        if us < row.min_us:  # noqa: PLR1730
            row.min_us = us

    def _row(self, method: str, name: str, start: float, ok: bool) -> _Row:
        """The row of this start second, made when new, and remembered as the latest if it is."""
        number = self._endpoints.add(shortened(method, MAX_NAME), shown_name(name))
        if self.is_late(start):
            return self._late.setdefault((number, int(ok)), _Row(start, start))
        second = max(int(start - self.epoch0), 0) if start > self.epoch0 else 0
        row = self._rows.get((number, int(ok), second))
        if row is None:
            row = _Row(self.epoch0 + second, self.epoch0 + second + 1.0)
            self._rows[number, int(ok), second] = row
        row.until = min(row.until, self.epoch0 + self._end_s)
        if len(method) + len(name) > 2 * MAX_NAME:
            return row  # of some megabytes each, they would soon be all that fits into memory
        latest = self._latest.get((method, name, ok))
        if latest is None or row.until > latest.until:
            self._latest[method, name, ok] = row
        return row

    def take_late(self) -> list[LateCount]:
        """The requests that started after the end, since the last call."""
        late, self._late = self._late, {}
        return [LateCount(number, ok, row.count) for (number, ok), row in late.items()]

    def take(self) -> tuple[list[tuple[int, str, str]], list[int], list[int]]:
        """(new endpoints, cells, windows) since the last call, in the layout of a Delta."""
        announced = [
            (number, *entry)
            for number, entry in enumerate(
                self._endpoints.entries[self._announced :], self._announced
            )
        ]
        self._announced += len(announced)
        rows, self._rows = self._rows, {}
        self._latest.clear()
        cells: list[int] = []
        windows: list[int] = []
        for (number, ok, second), row in rows.items():
            requests = row.count
            self._taken += requests
            windows += (number, ok, second, requests)
            least = row.min_us if row.max_us >= 0 else -1
            windows += (row.sum_us, least, row.max_us, row.bytes)
            for bin_, count in row.bins.items():
                cells += (number, ok, second, bin_, count)
            if row.untimed:
                cells += (number, ok, second, NO_BIN, row.untimed)
        return announced, cells, windows
