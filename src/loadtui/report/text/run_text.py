"""The report at the end of a run and of `loadtui runs show`, as text for people."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.report.account import formatting
from loadtui.report.account.imported_notes import imported_lines
from loadtui.report.account.run_contents import RunContents, read_run_contents, target
from loadtui.report.account.threshold_formatting import threshold_value
from loadtui.report.text.comparison_text import comparison_lines
from loadtui.report.text.paint import Paint, Style
from loadtui.report.text.text_table import TextColumn, shorten, text_table, visible_text, wrapped
from loadtui.samples.figures import Figures
from loadtui.store.stored_run import Run
from loadtui.verdict.run_summary import MetricSummary

MIN_WIDTH = 80
ERRORS_SHOWN = 10
EXCEPTIONS_SHOWN = 5

_LATENCIES = ("p50", "p95", "p99", "max")
_SIGNS: dict[str, tuple[str, Style]] = {
    "pass": ("✓ pass", "good"),
    "fail": ("✗ FAIL", "bad"),
    "missing": ("? MISSING", "bad"),
}
_VERDICTS: dict[str, tuple[str, Style]] = {"pass": ("✓ PASS", "good"), "fail": ("✗ FAIL", "bad")}
_KINDS = {"measured": "measured", "simulated": "SIMULATED", "imported": "IMPORTED"}


def run_text(run: Run, width: int, color: bool) -> str:
    """The report of a kept run, ending in a newline; UsageError as `findings`.

    No line is wider than `width` terminal cells, which counts as at least 80, but for paths and
    the command to copy.
    """
    return run_text_of(read_run_contents(run), width, color)


def run_text_of(found: RunContents, width: int, color: bool) -> str:
    writer = _Writer(found, max(width, MIN_WIDTH), Paint(color))
    sections = (
        writer.header(),
        writer.endpoints(),
        writer.stages(),
        writer.metrics(),
        writer.errors(),
        writer.exceptions(),
        writer.thresholds(),
        writer.comparison(),
        writer.footer(),
    )
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


class _Writer:
    """Writes the sections of one report; each is a list of lines, empty when there is nothing."""

    def __init__(self, found: RunContents, width: int, paint: Paint) -> None:
        self.found = found
        self.manifest = found.manifest
        self.summary = found.summary
        self.width = width
        self.paint = paint

    def header(self) -> list[str]:
        manifest = self.manifest
        kind = _KINDS[manifest.provenance.kind]
        source = manifest.provenance.source
        words = [
            manifest.plan.name,
            target(manifest.plan),
            f"{kind} {'from' if manifest.imported else 'by'} {source}" if source else kind,
        ]
        title = shorten(" · ".join(visible_text(word) for word in words if word), self.width)
        lines = [self.paint(title, "strong"), *self._wrapped(self._course(), "")]
        lines += self._imported()
        if self._simulated:
            drawn = ": drawn at random, nothing was measured and no server was asked"
            if manifest.imported is not None:
                drawn = ": its source says so itself, its numbers were not measured"
            lines.append(self._remark("! SIMULATED", "warn", drawn))
        if manifest.validity.valid:
            lines.append(self._remark("✓ VALID", "good", self._generator()))
        else:
            lines.append(self._remark("✗ INVALID", "bad", ": its numbers say nothing, because"))
            for reason in manifest.validity.reasons:
                lines += self._wrapped(visible_text(reason), "  - ")
        if manifest.plan.time_scale != 1.0:
            scale = f"! time scale {manifest.plan.time_scale:g}"
            lines.append(self._remark(scale, "warn", ": stages do not last as the plan says"))
        if manifest.steered:
            by_hand = ": users were changed by hand, so it cannot be compared"
            lines.append(self._remark("! steered", "warn", by_hand))
        return lines

    def _imported(self) -> list[str]:
        imported = self.manifest.imported
        if imported is None:
            return []
        lines = []
        if not self._simulated:
            by = ": measured by another program, whose own health is not known"
            lines.append(self._remark("! IMPORTED", "warn", by))
        return [*lines, *imported_lines(imported, self.width)]

    def _course(self) -> str:
        manifest = self.manifest
        length, users = manifest.length_s, manifest.most_users
        said: list[str] = [manifest.state]
        if length is not None:
            said = [f"{manifest.state} after {formatting.duration(length)}"]
        if users is not None:
            said.append(f"up to {plural(users, 'user')}")
        if manifest.ended_because:
            said.append(visible_text(manifest.ended_because))
        return " · ".join(said)

    @property
    def _simulated(self) -> bool:
        return self.manifest.provenance.kind == "simulated"

    def _generator(self) -> str:
        validity = self.manifest.validity
        if not validity.measured_seconds or self._simulated:
            return ""
        return (
            f"  load generator short of CPU in {validity.bad_seconds} of "
            f"{validity.measured_seconds} measured seconds"
        )

    def endpoints(self) -> list[str]:
        rows = [
            (visible_text(row.endpoint.label), *_cells(row.figures.whole))
            for row in self.summary.endpoints
            if row.stage is None
        ]
        if not rows:
            return [self.paint("No request finished.", "bad"), *self._unfinished()]
        totals = self.summary.totals
        rows.append(("total", *_cells(totals.whole)))
        if totals.measured.requests and totals.measured != totals.whole:
            rows.append(("  measured part", *_cells(totals.measured)))
        columns = [TextColumn("endpoint", right=False, gives_way=True), *_figure_columns()]
        return [*self._table(columns, rows), *self._unfinished()]

    def _unfinished(self) -> list[str]:
        count = self.manifest.totals.unfinished
        if not count:
            return []
        mark = f"! {plural(count, 'request')} unfinished"
        return [self._remark(mark, "warn", ": killed in flight at the end, not in the counts")]

    def stages(self) -> list[str]:
        rows = []
        if self.manifest.imported is not None:
            return []  # Its one stage is all of it.
        for stage in self.summary.stages:
            mark = " (steered)" if stage.span.steered else ""
            users, length = formatting.count(stage.users), formatting.duration(stage.seconds)
            rows.append(
                (visible_text(stage.span.name) + mark, users, length, *_cells(stage.figures.whole))
            )
            if 0 < stage.measured_seconds < stage.seconds:
                measured = formatting.duration(stage.measured_seconds)
                rows.append(("  measured part", "", measured, *_cells(stage.figures.measured)))
        if not rows:
            return []
        columns = [
            TextColumn("stage", right=False, gives_way=True),
            TextColumn("users"),
            TextColumn("length"),
            *_figure_columns(),
        ]
        if self.width < 100:  # The maximum is in the table above.
            columns, rows = columns[:-1], [row[:-1] for row in rows]
        return self._table(columns, rows)

    def metrics(self) -> list[str]:
        rows = [
            (visible_text(metric.name), metric.kind, metric_text(metric))
            for metric in self.summary.metrics
        ]
        if not rows:
            return []
        columns = [
            TextColumn("metric", right=False, gives_way=True),
            TextColumn("kind", right=False),
            TextColumn("whole run", right=False, gives_way=True),
        ]
        return self._table(columns, rows)

    def errors(self) -> list[str]:
        errors = self.found.errors
        if not errors:
            return []
        rows = [
            (
                f"{formatting.count(error.count)}×",
                visible_text(f"{error.method} {error.name}".strip()),
                visible_text(error.message),
                formatting.clock(error.last) if error.last is not None else formatting.NOTHING,
            )
            for error in errors[:ERRORS_SHOWN]
        ]
        columns = [
            TextColumn("errors"),
            TextColumn("endpoint", right=False, gives_way=True),
            TextColumn("message", right=False, gives_way=True),
            TextColumn("last at"),
        ]
        return [*self._table(columns, rows), *self._more(len(errors) - ERRORS_SHOWN, "error")]

    def exceptions(self) -> list[str]:
        exceptions = self.found.exceptions
        if not exceptions:
            return []
        allowed = " (allowed by the plan)" if self.manifest.plan.allow_exceptions else ""
        title = f"exceptions in user code{allowed}"
        lines = [self.paint(title, "strong")]
        for one in exceptions[:EXCEPTIONS_SHOWN]:
            lines.append(
                shorten(
                    f"  {formatting.count(one.count)}×  {visible_text(one.message)}", self.width
                )
            )
            if place := raised_at(one.traceback):
                lines.append(self.paint(shorten(f"      {visible_text(place)}", self.width), "dim"))
        return [*lines, *self._more(len(exceptions) - EXCEPTIONS_SHOWN, "exception")]

    def _more(self, count: int, what: str) -> list[str]:
        if count <= 0:
            return []
        return [f"  and {plural(count, 'more kind')} of {what}: loadtui runs show --json"]

    def thresholds(self) -> list[str]:
        results = self.manifest.thresholds
        if not results:
            return []
        rows = [
            (
                _SIGNS[result.status][0],
                visible_text(result.check) + (" (default)" if result.default else ""),
                visible_text(result.stage or "whole run"),
                visible_text(result.endpoint or "total"),
                threshold_value(result),
            )
            for result in results
        ]
        columns = [
            TextColumn("threshold", right=False),
            TextColumn("check", right=False, gives_way=True),
            TextColumn("stage", right=False, gives_way=True),
            TextColumn("endpoint", right=False, gives_way=True),
            TextColumn("value"),
        ]
        head, *lines = self._table(columns, rows)
        painted = [head]
        for line, result in zip(lines, results, strict=True):
            sign, style = _SIGNS[result.status]
            painted.append(self.paint(line[: len(sign)], style) + line[len(sign) :])
            if result.reason:
                painted += self._wrapped(visible_text(result.reason), "    ")
        return painted

    def comparison(self) -> list[str]:
        found, error = self.manifest.comparison, self.manifest.comparison_error
        if error:
            return self._wrapped(visible_text(f"✗ not compared with the baseline: {error}"), "")
        return [] if found is None else comparison_lines(found, self.width, self.paint)

    def footer(self) -> list[str]:
        manifest = self.manifest
        lines = []
        if manifest.process_exit_code is not None:
            lines.append(f"The locustfile set process_exit_code {manifest.process_exit_code}.")
        otherwise = f"! {(manifest.verdict or manifest.state).upper()}"
        word, style = _VERDICTS.get(manifest.verdict, (otherwise, "warn"))
        code = "" if manifest.exit_code is None else f" (exit code {manifest.exit_code})"
        of_what = " on SIMULATED numbers" if self._simulated else ""
        lines.append(f"{self.paint(word, style)}{of_what}{code}")
        lines.append(f"Kept in {visible_text(str(self.found.folder))}")
        lines.append(f"Look again: loadtui runs show {visible_text(manifest.run)}")
        return lines

    def _table(self, columns: Sequence[TextColumn], rows: Sequence[Sequence[str]]) -> list[str]:
        head, *lines = text_table(columns, rows, self.width)
        return [self.paint(head, "dim"), *lines]

    def _remark(self, mark: str, style: Style, rest: str) -> str:
        """One line that begins with a painted mark."""
        line = shorten(mark + rest, self.width)
        return self.paint(line[: len(mark)], style) + line[len(mark) :]

    def _wrapped(self, text: str, indent: str) -> list[str]:
        return wrapped(text, self.width, indent)


def _figure_columns() -> list[TextColumn]:
    return [TextColumn(title) for title in ("requests", "failures", "rps", *_LATENCIES)]


def _cells(figures: Figures) -> tuple[str, ...]:
    latencies = (figures.p50_ms, figures.p95_ms, figures.p99_ms, figures.max_ms)
    return (
        formatting.count(figures.requests),
        formatting.count(figures.failures),
        formatting.rate(figures.rps),
        *(formatting.latency(ms) for ms in latencies),
    )


def metric_text(metric: MetricSummary) -> str:
    values = metric.rows[0].whole
    if metric.kind == "counter":
        return formatting.count(values.count)
    if metric.kind == "rate":
        hits = formatting.count(values.hits or 0)
        return f"{formatting.percent(values.rate)} ({hits} of {formatting.count(values.count)})"
    unit = visible_text(metric.info.unit)
    parts = []
    for stat in _LATENCIES:
        value = getattr(values, stat)
        own = f"{formatting.plain_number(value)} {unit}".rstrip()
        parts.append(f"{stat} {formatting.latency(value) if unit == 'ms' else own}")
    return f"{'  '.join(parts)}  of {plural(values.count, 'value')}"


def raised_at(traceback: str) -> str:
    """Where an exception was raised: the last `File ...` line of its traceback."""
    places = [line.strip() for line in traceback.splitlines() if line.lstrip().startswith("File ")]
    return places[-1] if places else ""


def plural(count: int, noun: str) -> str:
    return (
        f"{formatting.count(count)} {noun}" if count == 1 else f"{formatting.count(count)} {noun}s"
    )
