"""The figures of the last seconds in one line; those of the whole run once it is over."""

from __future__ import annotations

from loadtui.report.numbers import count, latency, percent, rate, size
from loadtui.tui.text import Line, Span, width_of
from loadtui.tui.widgets.lines import Lines
from loadtui.wire.messages import Snapshot

_Field = tuple[str, str, str]
"""Label, value, style of the value."""


class Kpis(Lines):
    """rps, bytes/s, p50, p95, p99, errors, generator cpu and lag, each in a place that stays."""

    def __init__(self) -> None:
        super().__init__()
        self._snapshot: Snapshot | None = None
        self._bytes: float = 0.0

    def show(self, snapshot: Snapshot, bytes_per_second: float) -> None:
        self._snapshot = snapshot
        self._bytes = bytes_per_second
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        if self._snapshot is None:
            return []
        fields = self._fields(self._snapshot)
        if width < 100:
            # Small screens: the generator's health has a line of its own below.
            fields = fields[:6]
        return [_spread(fields, width)]

    def _fields(self, snapshot: Snapshot) -> list[_Field]:
        over = snapshot.exit_code is not None
        now = snapshot.totals if over else snapshot.now
        throughput = (now.bytes or 0) / max(1.0, snapshot.elapsed_s) if over else self._bytes
        failing = bool(now.failures)
        cpu = max((w.cpu for w in snapshot.workers), default=None)
        lag = max((w.lag_ms for w in snapshot.workers), default=None)
        return [
            ("rps", _rps(now.rps), "rps"),
            ("", f"{size(throughput)}/s", "text"),
            ("p50", latency(now.p50_ms), "p50"),
            ("p95", latency(now.p95_ms), "p95"),
            ("p99", latency(now.p99_ms), "p99"),
            ("errors", percent(now.error_rate) + (" !" if failing else ""), _alarm(failing)),
            ("cpu", "–" if cpu is None else f"{cpu * 100:.0f} %", "text"),
            ("lag", "–" if lag is None else latency(lag), "text"),
        ]


def _rps(value: float | None) -> str:
    return count(value) if value is not None and value >= 100 else rate(value)


def _alarm(failing: bool) -> str:
    return "bad" if failing else "text"


def _spread(fields: list[_Field], width: int) -> list[Span]:
    """Fields at equal distances, so that one that grows does not push the others."""
    each = width // len(fields)
    out: list[Span] = []
    for label, value, style in fields:
        part: list[Span] = [(" ", "text")]
        if label:
            part += [(f"{label} ", "dim")]
        part.append((value, style))
        out += [*part, (" " * max(0, each - width_of(part)), "text")]
    return out
