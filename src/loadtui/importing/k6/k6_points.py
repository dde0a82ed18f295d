"""What the points of k6's `--out json` and `--out csv` come to.

A request is the point of `http_req_duration`; the one of `http_req_failed` at the same time says
whether it failed (1: it did).  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from loadtui.importing.files.text_file import clean_text
from loadtui.importing.k6.k6_samples import SECOND_US, K6Request, K6Samples
from loadtui.importing.k6.k6_shapes import K6Check
from loadtui.importing.k6.k6_sinks import K6Sink
from loadtui.importing.k6.k6_thresholds import check_outcomes
from loadtui.importing.source import ImportSource, figures_present, totalled
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable
from loadtui.samples.tallies import MetricKind
from loadtui.samples.tally import Tally
from loadtui.store.journal_contents import JournalContents

EARLIEST_US, LATEST_US = 10**9 * SECOND_US, 4 * 10**9 * SECOND_US
"""2001 and 2096: what lies before is no time of a run, and what counts seconds cannot hold what
lies after."""
_DURATION, _COUNT, _FAILED, _USERS = "http_req_duration", "http_reqs", "http_req_failed", "vus"
PARTS = frozenset(
    f"http_req_{part}"
    for part in ("blocked", "connecting", "tls_handshaking", "sending", "waiting", "receiving",
                 "looking_up")
)  # fmt: skip
"""What a latency is made of, and what comes before it."""
_KINDS: Mapping[str, MetricKind] = {
    "checks": "rate", "iterations": "counter", "dropped_iterations": "counter",
    "iteration_duration": "trend", "group_duration": "trend", "data_sent": "counter",
    "data_received": "counter", "grpc_req_duration": "trend", "ws_connecting": "trend",
    "ws_session_duration": "trend", "ws_sessions": "counter", "ws_msgs_sent": "counter",
    "ws_msgs_received": "counter", "ws_ping": "trend",
}  # fmt: skip
"""k6's own metrics, as its metrics/builtin.go has them."""
_PLACES = {"checks": "check", "group_duration": "group"}
"""Metrics that a tag tells apart, but for those that `name` does."""
_MOST_WAITING = 10_000
_Key = tuple[int, tuple[str, str]]
"""When a request ended, and its endpoint."""


class K6Points:
    """Takes points in the order of the file; those of one request lie beside each other."""

    def __init__(self, path: Path) -> None:
        self._samples = K6Samples(path)
        self._kinds: dict[str, str] = {}
        self._sinks: dict[str, K6Sink] = {}
        self._open: dict[_Key, deque[tuple[float, Mapping[str, str]]]] = {}
        """Latencies in ms whose outcome was not told yet."""
        self._outcomes: dict[_Key, deque[bool]] = {}
        """Whether one failed whose latency was not told yet."""
        self._counted: Counter[tuple[str, str]] = Counter()
        self._unknown = 0
        """Requests of which nothing says whether they failed."""
        self._by_status = 0
        self._checks: dict[str, list[int]] = {}
        self._left_out: dict[str, str] = {}
        self._span: tuple[int, int] | None = None
        self._seen: set[str] = set()

    def declare(self, metric: str, kind: str, contains: str, thresholds: Sequence[str]) -> None:
        """Learn what a metric is.  Raises ValueError for one that is known."""
        if metric in self._kinds or metric in self._seen:
            raise ValueError(
                f"metric {metric!r} is declared after points of it; several runs were put together"
            )
        self._kinds[metric] = kind
        if thresholds:
            self._sinks[metric] = K6Sink(metric, kind, thresholds)
        if kind == "trend" and contains == "time":
            self._samples.name_unit(metric, "ms")

    def add(self, metric: str, time_us: int, value: float, tags: Mapping[str, str]) -> None:
        """Raises ValueError for a point that cannot be."""
        if not EARLIEST_US <= time_us < LATEST_US:
            raise ValueError("its time is not one between 2001 and 2096")
        sink = self._sinks.get(metric)
        if sink is not None:
            sink.add(value)
        self._seen.add(metric)
        if metric in PARTS:
            return
        if metric == _DURATION:
            self._add_duration(time_us, value, tags)
        elif metric == _FAILED:
            self._add_outcome(time_us, value != 0, tags)
        elif metric == _COUNT:
            self._add_count(time_us, value, tags)
        elif metric == _USERS:
            self._samples.add_users(time_us, _whole(metric, value))
        else:
            self._add_metric(metric, time_us, value, tags)

    def _add_duration(self, time_us: int, value: float, tags: Mapping[str, str]) -> None:
        if not 0 <= value <= (time_us - EARLIEST_US) / 1000:
            raise ValueError(f"{_DURATION} is {value:g}, which is no latency in ms")
        key = time_us, _endpoint(tags)
        outcomes = self._outcomes.get(key)
        if outcomes:
            self._finish(key, value, tags, outcomes.popleft())
            if not outcomes:
                del self._outcomes[key]
            return
        self._open.setdefault(key, deque()).append((value, tags))
        if len(self._open) > _MOST_WAITING:
            self._finish_open()

    def _add_outcome(self, time_us: int, failed: bool, tags: Mapping[str, str]) -> None:
        key = time_us, _endpoint(tags)
        waiting = self._open.get(key)
        if waiting:
            self._finish(key, *waiting.popleft(), failed)
            if not waiting:
                del self._open[key]
        elif len(self._outcomes) < _MOST_WAITING:
            self._outcomes.setdefault(key, deque()).append(failed)

    def _finish_open(self) -> None:
        """Without the point that says whether a request failed, its tags do."""
        for key, waiting in self._open.items():
            for value, tags in waiting:
                self._finish(key, value, tags, self._failed_by(tags))
        self._open.clear()

    def _failed_by(self, tags: Mapping[str, str]) -> bool | None:
        expected = tags.get("expected_response")
        if expected in ("true", "false"):
            return expected == "false"
        if tags.get("error") or tags.get("error_code"):
            return True
        status = tags.get("status", "")
        if not status.isdecimal():
            return None
        self._by_status += 1
        return not 200 <= int(status) < 400

    def _finish(
        self, key: _Key, value: float, tags: Mapping[str, str], failed: bool | None
    ) -> None:
        self._unknown += failed is None
        time_us, endpoint = key
        error = _error(tags) if failed else ""
        self._samples.add(K6Request(time_us, round(value * 1000), endpoint, not failed, error))

    def _add_count(self, time_us: int, value: float, tags: Mapping[str, str]) -> None:
        self._counted[_endpoint(tags)] += _whole(_COUNT, value)
        first, last = self._span or (time_us, time_us)
        self._span = min(first, time_us), max(last, time_us)

    def _add_metric(self, metric: str, time_us: int, value: float, tags: Mapping[str, str]) -> None:
        kind = self._kinds.get(metric) or _KINDS.get(metric)
        if kind is None or kind not in ("counter", "rate", "trend"):
            self._left_out[metric] = metric if kind is None else f"{kind} {metric}"
            return
        if kind == "counter" and value != int(value):
            self._left_out[metric] = f"fractions of counter {metric}"
            return
        if metric == "checks":
            held = self._checks.setdefault(tags.get("check", ""), [0, 0])
            held[value == 0] += 1
        place = tags.get(_PLACES.get(metric, "name"), "")
        self._samples.add_metric(_METRIC_KINDS[kind], metric, place, time_us, value)

    def fill(self, source: ImportSource) -> None:
        """Give the source all that there is.  Raises UsageError when that is nothing, and when the
        times are not those of one run."""
        self._finish_open()
        counted, requests = sum(self._counted.values()), self._samples.requests
        if requests or not counted:
            self._samples.fill(source)
            if self._unknown == requests:
                _show_only(source)
        else:
            self._fill_counts(source)
        if requests and counted and counted != requests:
            source.remarks.append(f"k6 counted {counted} requests and {requests} latencies")
        if self._unknown and self._unknown < requests:
            source.remarks.append(
                f"of {self._unknown} requests nothing says whether they failed; they count as good"
            )
        if self._by_status:
            source.remarks.append(
                f"of {self._by_status} requests the status says whether they failed: all but "
                f"200 to 399 did"
            )
        seconds = source.duration_s or 0.0
        for sink in self._sinks.values():
            source.thresholds += sink.outcomes(seconds)
        checks = [K6Check(name, good, bad) for name, (good, bad) in self._checks.items()]
        source.thresholds += check_outcomes(checks, self._sinks)
        if self._seen & PARTS:
            source.left_out.append("of each request the time of connecting, sending and waiting")
        source.left_out += [clean_text(what) for what in self._left_out.values()]
        self._tell(source)

    def _fill_counts(self, source: ImportSource) -> None:
        """Of requests without latencies there are only their numbers."""
        figures = []
        for endpoint, count in self._counted.items():
            source.record.endpoints.add(*endpoint)
            figures.append(SourceFigures(requests=count))
        source.figures = SourceFigureTable(totalled(figures), figures)
        first, last = self._span or (0, 0)
        source.users = self._samples.most_users()
        source.started, source.duration_s = first / SECOND_US, (last - first) / SECOND_US

    def _tell(self, source: ImportSource) -> None:
        sampled = source.figures is None
        if source.figures is not None:
            present = figures_present(source.figures.total)
            source.note_presence(one for one in present if one[0] != "sizes")
        source.note_presence(
            [
                ("every sample with its latency", sampled),
                ("failures by kind", sampled),
                ("when it began, and how long it took", True),
                ("users by second" if sampled else "most users", source.users is not None),
                ("checks", bool(self._checks)),
                ("sizes", False),
                ("exceptions", False),
            ]
        )
        source.remarks.append("k6 counts a latency from sending on: connecting is not in it")


_METRIC_KINDS: Mapping[str, MetricKind] = {"counter": "counter", "rate": "rate", "trend": "trend"}


def _show_only(source: ImportSource) -> None:
    """Make figures of samples of which nothing says whether they failed: a run would count them
    as good ones."""
    counted, record = source.record, JournalContents()
    tallies = [Tally() for _ in counted.endpoints.entries]
    for number, _, _, bin_, count in counted.cells.frame().iter_rows():
        tallies[number].add_cell(bin_, count)
    for number, _, _, *sums in counted.windows.frame().iter_rows():
        tallies[number].add_window(1, *sums)
    total = Tally()
    for tally in tallies:
        total.merge(tally)
    source.figures = SourceFigureTable(_figures(total), [_figures(tally) for tally in tallies])
    record.endpoints = counted.endpoints
    source.record = record


def _figures(tally: Tally) -> SourceFigures:
    shares = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
    values = zip(shares, tally.percentiles_us(tuple(shares.values())), strict=True)
    mean, least, most = tally.mean_us(), tally.shortest_us(), tally.longest_us()
    return SourceFigures(
        requests=tally.requests,
        mean_ms=None if mean is None else mean / 1000,
        min_ms=None if least is None else least / 1000,
        max_ms=None if most is None else most / 1000,
        percentiles={name: us / 1000 for name, us in values if us is not None},
    )


def _endpoint(tags: Mapping[str, str]) -> tuple[str, str]:
    """Method and name; a request has its URL for a name unless the script gives it one."""
    return tags.get("method", ""), tags.get("name") or tags.get("url") or "http requests"


def _error(tags: Mapping[str, str]) -> str:
    status, code = tags.get("status", ""), tags.get("error_code", "")
    parts = [tags.get("error", ""), f"status {status}" if status not in ("", "0") else ""]
    text = ", ".join(part for part in parts if part)
    return text or (f"error code {code}" if code else "failed")


def _whole(metric: str, value: float) -> int:
    if value < 0 or value > 1e15 or value != int(value):
        raise ValueError(f"{metric} is {value:g}, which is no count")
    return int(value)
