"""The report at the end of a run and of `loadtui runs show`, as text for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from loadtui.plurals import counted
from loadtui.printable_text import visible_text
from loadtui.report.account import formatting
from loadtui.report.account.account import load_parts
from loadtui.report.account.metric_formatting import metric_lines, metrics_left_out
from loadtui.report.account.recorded_remarks import recorded_remarks
from loadtui.report.account.run_contents import (
    RunContents,
    raised_at,
    read_run_contents,
)
from loadtui.report.account.shortening import shorten
from loadtui.report.account.threshold_formatting import threshold_value
from loadtui.report.account.verdict_words import (
    INVALID_RUN,
    NOT_COMPARED,
    STEERED,
    THRESHOLD_STATUSES,
    UNKNOWN_ERRORS,
    VALID_RUN,
    WITHOUT_BASELINE,
    Tone,
    Wording,
    generator_sentence,
    late_sentence,
    missing_requests,
    provenance_word,
    provenance_wording,
    run_wording,
    started_sentence,
    time_scale_wording,
)
from loadtui.report.text.comparison_text import comparison_lines
from loadtui.report.text.import_text import imported_lines
from loadtui.report.text.paint import Paint
from loadtui.report.text.text_table import COLUMN_GAP, MIN_WIDTH, TextColumn, text_table, wrapped
from loadtui.samples.connection_failure import error_text
from loadtui.samples.figures import Figures
from loadtui.store.stored_run import Run
from loadtui.verdict.exit_codes import failing_on_error

ERRORS_SHOWN = 10
EXCEPTIONS_SHOWN = 5
_SHORT_NAME = 20


def run_text(run: Run, width: int, color: bool) -> str:
    """The report of a saved run, ending in a newline; UsageError as `read_run_contents`.

    No line is wider than `width` terminal cells, which counts as at least 80, but for paths and
    the command to copy.
    """
    return run_text_of(read_run_contents(run), width, color)


def run_text_of(contents: RunContents, width: int, color: bool) -> str:
    writer = _Writer(contents, max(width, MIN_WIDTH), Paint(color))
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

    def __init__(self, contents: RunContents, width: int, paint: Paint) -> None:
        self.contents = contents
        self.manifest = contents.manifest
        self.summary = contents.summary
        self.width = width
        self.paint = paint

    def header(self) -> list[str]:
        manifest = self.manifest
        kind = provenance_word(manifest.provenance.kind)
        source = manifest.provenance.source
        words = [
            manifest.plan.name,
            manifest.plan.target,
            f"{kind} {'from' if manifest.imported else 'by'} {source}" if source else kind,
        ]
        title = shorten(" · ".join(visible_text(word) for word in words if word), self.width)
        lines = [self.paint(title, "strong"), *self._wrapped(self._load(), "")]
        if kind != "measured":
            provenance = provenance_wording(manifest)
            lines.append(self._remark(provenance.headline, provenance))
        if manifest.imported is not None:
            lines += imported_lines(manifest.imported, self.width)
        lines += self._validity()
        if (time_scale := time_scale_wording(manifest)) is not None:
            lines.append(self._remark(f"{time_scale.sign} {time_scale.word}", time_scale))
        if manifest.steered:
            lines.append(self._remark(f"{STEERED.sign} {STEERED.word}", STEERED))
        for remark in recorded_remarks(manifest):
            first, *rest = self._wrapped(visible_text(remark), "! ")
            lines += [self.paint(first[:1], "warn") + first[1:], *rest]
        return lines

    def _validity(self) -> list[str]:
        if self.manifest.known_valid is None:
            return []
        if self.manifest.known_valid:
            generator = generator_sentence(self.manifest)
            health = f"  {generator}" if generator else ""
            return [self._marked(VALID_RUN.headline, VALID_RUN.tone, health)]
        lines = [self._remark(INVALID_RUN.headline, INVALID_RUN, ", because")]
        for reason in self.manifest.validity.reasons:
            lines += self._wrapped(visible_text(reason), "  - ")
        return lines

    def _load(self) -> str:
        return visible_text(" · ".join(load_parts(self.manifest)))

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
        columns = [TextColumn("endpoint", right=False, gives_way=True), *self._figure_columns()]
        return [*self._table(columns, rows), *self._unfinished()]

    def _unfinished(self) -> list[str]:
        lines = []
        for _, count, why in missing_requests(self.manifest):
            lines.append(self._marked(f"! {count}", "warn", f": {why}"))
        if started := started_sentence(self.manifest):
            lines += self._wrapped(started, "  ")
        if late := late_sentence(self.manifest):
            lines += self._wrapped(visible_text(late), "")
        return lines

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
            *self._figure_columns(),
        ]
        if self.width < 100:  # The maximum is in the table above.
            columns, rows = columns[:-1], [row[:-1] for row in rows]
        return self._table(columns, rows)

    def metrics(self) -> list[str]:
        # Of the numbers some are left out before others are cut, and names are cut before numbers
        # are, but for what is too long for any line.
        too_long = True
        for mean, extent in ((True, True), (False, True), (False, False)):
            rows = self._metric_rows(mean=mean, extent=extent)
            if not rows:
                return []
            short = [(shorten(row[0], _SHORT_NAME), *row[1:]) for row in rows]
            too_long = _uncut_width(short) > self.width
            if not too_long:
                break
        columns = [
            TextColumn("metric", right=False, gives_way=True),
            TextColumn("kind", right=False),
            TextColumn(
                "whole run, by stage" if len(self.summary.stages) > 1 else "whole run",
                right=False,
                gives_way=too_long,
            ),
        ]
        left_out = metrics_left_out(self.summary)
        more = [f"  and {left_out}: loadtui runs show --json"] if left_out else []
        return [*self._table(columns, rows), *more]

    def _metric_rows(self, *, mean: bool, extent: bool) -> list[tuple[str, str, str]]:
        return [
            (visible_text(line.name), line.kind, line.text)
            if line.stage is None
            else (f"  {visible_text(line.stage)}", "", line.text)
            for line in metric_lines(self.summary, mean=mean, extent=extent)
        ]

    def errors(self) -> list[str]:
        errors = self.contents.errors
        if not errors:
            if self.manifest.errors_known:
                return []
            return [self.paint(UNKNOWN_ERRORS, "dim")]
        rows = [
            (
                f"{formatting.count(error.count)}×",
                visible_text(f"{error.method} {error.name}".strip()),
                visible_text(error_text(error.message)),
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
        exceptions = self.contents.exceptions
        if not exceptions:
            return []
        allowed = " (allowed by the plan)" if self.manifest.plan.allow_exceptions else ""
        title = f"exceptions in user code{allowed}"
        lines = [self.paint(title, "strong")]
        for exception in exceptions[:EXCEPTIONS_SHOWN]:
            text = f"  {formatting.count(exception.count)}×  {visible_text(exception.message)}"
            lines.append(shorten(text, self.width))
            if place := raised_at(exception.traceback):
                lines.append(self.paint(shorten(f"      {visible_text(place)}", self.width), "dim"))
        return [*lines, *self._more(len(exceptions) - EXCEPTIONS_SHOWN, "exception")]

    def _more(self, count: int, what: str) -> list[str]:
        if count <= 0:
            return []
        return [f"  and {counted(count, 'more kind')} of {what}: loadtui runs show --json"]

    def thresholds(self) -> list[str]:
        results = self.manifest.thresholds
        if not results:
            return []
        rows = [
            (
                THRESHOLD_STATUSES[result.status].in_list,
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
            wording = THRESHOLD_STATUSES[result.status]
            end = len(wording.in_list)
            painted.append(self.paint(line[:end], wording.tone) + line[end:])
            if result.reason:
                painted += self._wrapped(visible_text(result.reason), "    ")
        return painted

    def comparison(self) -> list[str]:
        comparison, error = self.manifest.comparison, self.manifest.comparison_error
        if error:
            text = f"{NOT_COMPARED.sign} {NOT_COMPARED.word} with the baseline: {error}"
            return self._wrapped(visible_text(text), "")
        if self.manifest.not_compared:
            # Not wrapped: it names a folder, whole.
            return [f"{WITHOUT_BASELINE.sign} {visible_text(self.manifest.not_compared)}"]
        return [] if comparison is None else comparison_lines(comparison, self.width, self.paint)

    def footer(self) -> list[str]:
        manifest = self.manifest
        lines = []
        if manifest.process_exit_code is not None:
            lines.append(f"The locustfile set process_exit_code {manifest.process_exit_code}.")
        if on_error := failing_on_error(manifest):
            option = f"--exit-code-on-error {manifest.plan.exit_code_on_error}"
            lines.append(f"{option}: there is {on_error}.")
        wording = run_wording(
            manifest.state, manifest.verdict, comparison_error=manifest.comparison_error
        )
        code = "" if manifest.exit_code is None else f" (exit code {manifest.exit_code})"
        if code and manifest.provenance.kind == "simulated":
            code = f" (a measured run would exit with code {manifest.exit_code})"
        kind = provenance_word(manifest.provenance.kind)
        of_what = "" if kind == "measured" else f" on {kind} numbers"
        lines.append(f"{self.paint(wording.headline, wording.tone)}{of_what}{code}")
        lines.append(f"Saved in {visible_text(str(self.contents.folder))}")
        lines.append(f"Look again: loadtui runs show {visible_text(manifest.run)}")
        return lines

    def _figure_columns(self) -> list[TextColumn]:
        titles = ("requests", "failures", "rps", *self.manifest.shown_percentiles, "max")
        return [TextColumn(title) for title in titles]

    def _table(self, columns: Sequence[TextColumn], rows: Sequence[Sequence[str]]) -> list[str]:
        head, *lines = text_table(columns, rows, self.width)
        return [self.paint(head, "dim"), *lines]

    def _remark(self, mark: str, wording: Wording, end: str = "") -> str:
        return self._marked(mark, wording.tone, f": {wording.sentence}{end}")

    def _marked(self, mark: str, tone: Tone, rest: str) -> str:
        """One line that begins with a painted mark."""
        line = shorten(mark + rest, self.width)
        return self.paint(line[: len(mark)], tone) + line[len(mark) :]

    def _wrapped(self, text: str, indent: str) -> list[str]:
        return wrapped(text, self.width, indent)


def _cells(figures: Figures) -> tuple[str, ...]:
    latencies = (*figures.percentiles.values(), figures.max_ms)
    return (
        formatting.count(figures.requests),
        formatting.count(figures.failures),
        formatting.rate(figures.rps),
        *(formatting.latency(ms) for ms in latencies),
    )


def _uncut_width(rows: Sequence[tuple[str, str, str]]) -> int:
    """Cells that the rows of a table take when nothing in them is cut."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return sum(widths) + len(COLUMN_GAP) * (len(widths) - 1)
