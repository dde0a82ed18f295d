"""Custom metrics of the scenario: each with its values over the whole run and the last seconds."""

from __future__ import annotations

from loadtui.report.account.formatting import count, in_unit, percent
from loadtui.tui.cells.text import Line, Span, crop, fit_width, one_line, width_of
from loadtui.tui.watched.moment import Moment
from loadtui.tui.watched.trends import ordered_trends, stat_of
from loadtui.tui.widgets.lines import Lines
from loadtui.verdict.run_summary import MetricValues
from loadtui.wire.messages import MetricRow

_HEADS = ("now", "p50", "p95", "p99", "count")
_CELL = 11


class MetricLines(Lines):
    """A line of running text where there is one line, else a table; hidden without metrics."""

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._shown: list[MetricRow] = []
        self._over = False

    def show(self, moment: Moment) -> None:
        metrics = moment.snapshot.metrics
        trends = ordered_trends(metrics)
        others = [row for row in metrics if row.endpoint is None and row.kind != "trend"]
        self._over = moment.snapshot.exit_code is not None
        self._shown = [
            row
            for metric in (*trends, *others)
            for row in _with_endpoints(metric, metrics)
        ]  # fmt: skip
        self.set_class(not self._shown, "-hidden")
        self.want(1 + len(self._shown))
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        if height < 3:
            return [self._in_one_line(width)]
        name_width = max(20, width - _CELL * len(_HEADS) - 2)
        heads: list[Span] = [(fit_width(" metrics", name_width + 1), "dim")]
        heads += [(fit_width(head, _CELL, "right"), "dim") for head in _HEADS]
        lines: list[Line] = [heads]
        room = height - 1
        left = len(self._shown) - room
        shown = self._shown if left <= 0 else self._shown[: room - 1]
        lines += [self._line(row, name_width) for row in shown]
        if left > 0:
            lines.append([(f"   +{left + 1} more", "dim")])
        return [crop(line, width) for line in lines]

    def _line(self, row: MetricRow, name_width: int) -> Line:
        if row.endpoint is None:
            unit = f" ({one_line(row.unit)})" if row.unit else ""
            name: Span = (fit_width(f" {one_line(row.name)}{unit}", name_width + 1), "text")
        else:
            name = (fit_width(f"   {one_line(row.endpoint)}", name_width + 1), "dim")
        whole = row.whole
        if row.kind == "trend":
            texts = [_value(row, getattr(whole, stat)) for stat in ("p50", "p95", "p99")]
            texts.append(count(whole.count))
        elif row.kind == "rate":
            hits = f"{count(whole.hits or 0)} of {count(whole.count)}"
            texts = ["", percent(whole.rate), "", hits]
        else:
            texts = ["", "", "", count(whole.count)]
        now = "" if self._over else _brief(row, row.now)
        cells = [(fit_width(text, _CELL, "right"), "text") for text in (now, *texts)]
        return [name, *cells]

    def _in_one_line(self, width: int) -> Line:
        out: list[Span] = [(" metrics ", "dim")]
        rows = [row for row in self._shown if row.endpoint is None]
        for at, row in enumerate(rows):
            stat = f" {stat_of(row)}" if row.kind == "trend" else ""
            values = row.whole if self._over or row.kind != "trend" else row.now
            part: list[Span] = [
                (f" {one_line(row.name)}{stat} ", "dim"),
                (_brief(row, values), "text"),
                (" ", "text"),
            ]
            if width_of([*out, *part]) > width - 9 and at:
                out.append((f" +{len(rows) - at} more", "dim"))
                break
            out += part
        return crop(out, width)


def _with_endpoints(metric: MetricRow, metrics: list[MetricRow]) -> list[MetricRow]:
    """The metric over all endpoints, and each of them where there are several."""
    places = [
        row
        for row in metrics
        if (row.kind, row.name) == (metric.kind, metric.name) and row.endpoint is not None
    ]
    return [metric, *places] if len(places) > 1 else [metric]


def _brief(row: MetricRow, values: MetricValues) -> str:
    if row.kind == "counter":
        return count(values.count)
    if row.kind == "rate":
        return percent(values.rate)
    return _value(row, getattr(values, stat_of(row)))


def _value(row: MetricRow, value: float | None) -> str:
    return in_unit(value, row.unit if len(row.unit) < 6 else "")
