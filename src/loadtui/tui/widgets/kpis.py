"""The figures of the last seconds; those of the whole run once it is over."""

from __future__ import annotations

from dataclasses import dataclass

from loadtui.report.account.formatting import NOTHING, count, in_unit, latency, percent, rate, size
from loadtui.samples.estimate import TOTAL
from loadtui.samples.figures import Figures
from loadtui.tui.cells.change_cells import change_arrow
from loadtui.tui.cells.text import Line, Span, width_of
from loadtui.tui.watched.moment import Moment
from loadtui.tui.watched.reference import BaselineChange
from loadtui.tui.watched.trends import FIRST_TRENDS, ordered_trends, stat_of
from loadtui.tui.widgets.endpoint_columns import short_name
from loadtui.tui.widgets.lines import Lines
from loadtui.wire.messages import MetricRow, Snapshot

_EACH = 13
"""Cells that a field takes at least."""
_EACH_CHANGED = 20
"""With its change against the baseline beside it."""
_ROOMY = 100
"""Cells from which the generator's health has room here as well as below."""


@dataclass(frozen=True)
class _Field:
    label: str
    value: str
    style: str = "text"
    change: BaselineChange | None = None
    generator: bool = False


class Kpis(Lines):
    """rps, bytes/s, p50, p95, p99, errors, what streams, generator cpu and lag: each at a spot
    that stays, in one line or two.

    A change is that of the current stage so far against the baseline's stage; there is none once
    the run is over, whose verdict says more.
    """

    def __init__(self) -> None:
        super().__init__()
        self._moment: Moment | None = None

    def show(self, moment: Moment) -> None:
        self._moment = moment
        width = self.content_size.width
        if width:
            self.want(2 if len(self._fields(moment, width)) > _a_line(moment, width) else 1)
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        if self._moment is None:
            return []
        fields = self._fields(self._moment, width)
        each = _a_line(self._moment, width)
        if len(fields) > each * height:
            # The throughput is the first that can be done without.
            fields = [field for field in fields if field.label]
        lines = [fields[at : at + each] for at in range(0, len(fields), each)]
        if len(lines) == 1:
            each = len(fields)
        return [_spread(line, width // each) for line in lines]

    def _fields(self, moment: Moment, width: int) -> list[_Field]:
        fields = [*_requests(moment), *_trends(moment), *_generator(moment.snapshot)]
        if width < _ROOMY:
            fields = [field for field in fields if not field.generator]
        return fields


def _a_line(moment: Moment, width: int) -> int:
    """Fields that fit into a line."""
    reference = moment.reference
    changes = reference is not None and reference.usual and not _over(moment)
    return max(1, width // (_EACH_CHANGED if changes else _EACH))


def _requests(moment: Moment) -> list[_Field]:
    snapshot = moment.snapshot
    over = _over(moment)
    now = snapshot.totals if over else snapshot.now
    throughput: float | None
    if "bytes" in snapshot.unknown:
        throughput = None
    elif over:
        throughput = (now.bytes or 0) / max(1.0, snapshot.elapsed_s)
    else:
        throughput = moment.points[-1].bytes if moment.points else 0.0
    failing = bool(now.failures)
    errors = percent(now.error_rate) + (" !" if failing else "")
    return [
        _Field("rps", _rps(now.rps), "rps", _change(moment, "rps")),
        _Field("", NOTHING if throughput is None else f"{size(throughput)}/s"),
        _Field("p50", latency(now.p50_ms), "p50", _change(moment, "p50")),
        _Field("p95", latency(now.p95_ms), "p95", _change(moment, "p95")),
        _Field("p99", latency(now.p99_ms), "p99", _change(moment, "p99")),
        _Field("errors", errors, "bad" if failing else "text"),
    ]


def _trends(moment: Moment) -> list[_Field]:
    over = _over(moment)
    fields = []
    for trend in ordered_trends(moment.snapshot.metrics)[: len(FIRST_TRENDS)]:
        stat = stat_of(trend)
        value = getattr(trend.whole if over else trend.now, stat)
        # The unit is in the name; a latency has its own.
        text = in_unit(value, "ms" if trend.unit == "ms" else "")
        change = _trend_change(moment, trend, stat)
        fields.append(_Field(short_name(trend), text, stat, change))
    return fields


def _generator(snapshot: Snapshot) -> list[_Field]:
    cpu = max((w.cpu for w in snapshot.workers), default=None)
    lag = max((w.lag_ms for w in snapshot.workers), default=None)
    return [
        _Field("cpu", "–" if cpu is None else f"{cpu * 100:.0f} %", generator=True),
        _Field("lag", "–" if lag is None else latency(lag), generator=True),
    ]


_METRICS = {"rps": "rps", "p50": "p50_ms", "p95": "p95_ms", "p99": "p99_ms"}


def _change(moment: Moment, metric: str) -> BaselineChange | None:
    measured: Figures | None = moment.snapshot.measured
    if moment.reference is None or measured is None or _over(moment):
        return None
    value = getattr(measured, _METRICS.get(metric, metric))
    return moment.reference.change(_stage(moment), TOTAL, metric, value, measured.requests or 0)


def _trend_change(moment: Moment, trend: MetricRow, stat: str) -> BaselineChange | None:
    """Of a Trend that one endpoint has: a baseline knows it by endpoint."""
    rows = [row for row in moment.snapshot.metrics if row.name == trend.name]
    endpoints = [row.endpoint for row in rows if row.endpoint is not None]
    if moment.reference is None or trend.measured is None or len(endpoints) > 1 or _over(moment):
        return None
    value = getattr(trend.measured, stat)
    endpoint = endpoints[0] if endpoints else ""
    metric = f"{trend.name}.{stat}"
    return moment.reference.change(
        _stage(moment), endpoint, metric, value, trend.measured.count
    )  # fmt: skip


def _over(moment: Moment) -> bool:
    return moment.snapshot.exit_code is not None


def _stage(moment: Moment) -> str:
    stages, at = moment.snapshot.stages, moment.snapshot.stage
    return stages[at].name if 0 <= at < len(stages) else ""


def _rps(value: float | None) -> str:
    return count(value) if value is not None and value >= 100 else rate(value)


def _spread(fields: list[_Field], each: int) -> list[Span]:
    """Fields at equal distances, so that one that grows does not push the others."""
    out: list[Span] = []
    for field in fields:
        part: list[Span] = [(" ", "text")]
        if field.label:
            part.append((f"{field.label} ", "dim"))
        part.append((field.value, field.style))
        if field.change is not None:
            part += [(" ", "text"), change_arrow(field.change)]
        out += [*part, (" " * max(0, each - width_of(part)), "text")]
    return out
