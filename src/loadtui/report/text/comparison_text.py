"""A comparison as text for people: what changed, and how much of the rest there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from loadtui.report.account import comparison_formatting as own
from loadtui.report.text.paint import Paint, Style
from loadtui.report.text.text_table import TextColumn, shorten, text_table, visible_text, wrapped
from loadtui.samples.estimate import NO_ENDPOINT, TOTAL
from loadtui.store.comparison import Comparison, ComparisonRow, changed_rows

MIN_WIDTH = 80
_ROOMY = 110
"""From this width on the table shows the interval."""

_SIGNS: dict[str, tuple[str, Style]] = {
    "regressed": ("! regressed", "warn"),
    "improved": ("✓ improved", "good"),
    "unchanged": ("= unchanged", "dim"),
    "inconclusive": ("? inconclusive", "warn"),
    "not comparable": ("? not comparable", "warn"),
    "new": ("+ new", "dim"),
    "shown": ("· shown", "dim"),
}
_FAILED = {"regressed": "✗ REGRESSED", "not comparable": "✗ NOT COMPARABLE"}
_BANNERS: dict[str, tuple[str, Style]] = {
    "fail": ("✗ FAIL", "bad"),
    "regressed": ("! REGRESSED, within what is tolerated", "warn"),
    "inconclusive": ("? INCONCLUSIVE", "warn"),
    "not comparable": ("? NOT COMPARABLE", "warn"),
    "pass": ("✓ PASS", "good"),
}
_KINDS = {"simulated": "SIMULATED", "imported": "IMPORTED"}


def render_comparison(
    comparison: Comparison, width: int, color: bool, *, everything: bool = False
) -> str:
    """A banner line, what changed (with `everything` all), a count of the rest, and what else there
    is to know; ends in a newline.  No line is wider than `width` cells, at least 80."""
    lines = comparison_lines(comparison, max(width, MIN_WIDTH), Paint(color), everything=everything)
    return "\n".join(lines) + "\n"


def comparison_lines(
    comparison: Comparison, width: int, paint: Paint, *, everything: bool = False
) -> list[str]:
    writer = _Writer(comparison, width, paint)
    return [
        writer.banner(),
        *writer.sentences("✗ ", comparison.failures, "bad"),
        *writer.rows(everything),
        *writer.rest(everything),
        *writer.power(),
        *writer.sentences("! ", comparison.remarks, "warn"),
        *writer.sentences("≠ ", comparison.differences, "dim"),
    ]


def banner_word(comparison: Comparison) -> tuple[str, Style]:
    """The sign and word of the whole comparison, and how to paint them."""
    regressed = any(row.word == "regressed" and row.status == "fail" for row in comparison.rows)
    if comparison.verdict == "fail" and regressed:
        return "✗ REGRESSED", "bad"
    return _BANNERS[comparison.verdict]


class _Writer:
    def __init__(self, comparison: Comparison, width: int, paint: Paint) -> None:
        self.comparison = comparison
        self.width = width
        self.paint = paint

    def banner(self) -> str:
        base, current = self.comparison.base, self.comparison.current
        word, style = banner_word(self.comparison)
        runs = f"{len(base.runs)} run{'' if len(base.runs) == 1 else 's'}"
        against = f"baseline {base.name} ({runs})" if base.kind == "baseline" else base.name
        kind = _KINDS.get(current.provenance, current.provenance)
        text = f"{word} · {kind} · {visible_text(current.name)} against {visible_text(against)}"
        line = shorten(text, self.width)
        return self.paint(line[: len(word)], style) + line[len(word) :]

    def rows(self, everything: bool) -> list[str]:
        rows = self.comparison.rows if everything else told_one_by_one(self.comparison.rows)
        if not rows:
            return []
        columns = [
            TextColumn("verdict", right=False),
            TextColumn("stage", right=False, gives_way=True),
            TextColumn("endpoint", right=False, gives_way=True),
            TextColumn("metric", right=False, gives_way=True),
            TextColumn("base"),
            TextColumn("now"),
            TextColumn("change"),
        ]
        if self.width >= _ROOMY:
            columns.append(TextColumn("95 % interval", right=False))
        cells = [_cells(row)[: len(columns)] for row in rows]
        head, *lines = text_table(columns, cells, self.width)
        found = ["", self.paint(head, "dim")]
        for row, line in zip(rows, lines, strict=True):
            word, style = sign_of(row)
            found.append(self.paint(line[: len(word)], style) + line[len(word) :])
            if detail := detail_of(row):
                found += self._wrapped(visible_text(detail), "    ", "dim")
        return found

    def rest(self, everything: bool) -> list[str]:
        """What the table leaves out, put together."""
        if everything:
            return [""]
        counts, rows = Counter(self.comparison.counts), self.comparison.rows
        told = Counter(row.word for row in told_one_by_one(rows))
        lines = list(self._together(rows))
        vague = [row for row in rows if row.word == "inconclusive" and not _worth_a_line(row)]
        counts -= told + Counter(row.word for row in rows if row.word in ("not comparable", "new"))
        counts["inconclusive"] = 0
        for tested, why in (
            (False, "too few samples or seconds"),
            (True, "too few requests to tell, and no change as large as a warning"),
        ):
            if count := sum(row.tested is tested for row in vague):
                lines.append(f"? {counted(count, 'metric')} inconclusive: {why}")
        others = [f"{count} {word}" for word, count in counts.items() if count > 0]
        if others:
            lines.append(", ".join(others))
        if lines:
            lines[-1] += " (--all lists them)"
        return ["", *(part for line in lines for part in wrapped(line, self.width))]

    def _together(self, rows: Sequence[ComparisonRow]) -> Iterable[str]:
        """Not comparable and new metrics, those alike in one line."""
        alike: dict[tuple[str, str, str], list[ComparisonRow]] = {}
        for row in rows:
            if row.word in ("not comparable", "new") and row.status != "fail":
                of = endpoint_of(row) if row.word == "new" or "only" in row.reason else ""
                alike.setdefault((row.word, row.reason, of), []).append(row)
        for (word, reason, of), group in alike.items():
            stages = ", ".join(dict.fromkeys(visible_text(row.stage) for row in group))
            sign = _SIGNS[word][0]
            where = f"{visible_text(of)} in {stages}" if of else stages
            what = counted(len(group), "metric")
            yield f"{sign}: {where} ({what}){f': {visible_text(reason)}' if reason else ''}"

    def power(self) -> list[str]:
        """What could have been found at all: never claim more."""
        finds = self.comparison.finds_p95
        if finds is None:
            return []
        low, high = (f"+{share * 100:.0f} %" for share in finds)
        which = low if low == high else f"{low} to {high}, depending on the endpoint"
        tests = counted(self.comparison.tests, "metric")
        text = f"{tests} tested together; a p95 rise is found 9 times in 10 from {which}"
        return self._wrapped(text, "", "dim")

    def sentences(self, sign: str, sentences: Sequence[str], style: Style) -> list[str]:
        return [
            line
            for sentence in sentences
            for line in self._wrapped(visible_text(sentence), sign, style)
        ]

    def _wrapped(self, text: str, indent: str, style: Style) -> list[str]:
        return [self.paint(line, style) for line in wrapped(text, self.width, indent)]


def told_one_by_one(rows: Sequence[ComparisonRow]) -> list[ComparisonRow]:
    """Rows that get a line of their own: what moved, what could not be decided, what fails."""
    return [
        row
        for row in changed_rows(rows)
        if row.status == "fail" or row.word in ("regressed", "improved") or _worth_a_line(row)
    ]


def _worth_a_line(row: ComparisonRow) -> bool:
    """An inconclusive row that more runs would decide, or that moved as far as a warning."""
    if row.word != "inconclusive" or row.change is None or row.warn is None:
        return False
    return bool(row.further_runs or row.further_base_runs) or abs(row.change) >= row.warn


def _cells(row: ComparisonRow) -> tuple[str, ...]:
    return (
        sign_of(row)[0],
        visible_text(row.stage),
        visible_text(endpoint_of(row)),
        visible_text(row.metric),
        visible_text(own.value_text(row, row.base)),
        visible_text(own.value_text(row, row.current)),
        own.change_text(row),
        own.interval_text(row),
    )


def sign_of(row: ComparisonRow) -> tuple[str, Style]:
    word, style = _SIGNS[row.word]
    return (_FAILED.get(row.word, word), "bad") if row.status == "fail" else (word, style)


def endpoint_of(row: ComparisonRow) -> str:
    if row.endpoint == NO_ENDPOINT:
        return "(any)"
    return "total" if row.endpoint == TOTAL else row.endpoint


def detail_of(row: ComparisonRow) -> str:
    """A line under a row: why, and what would decide it."""
    if row.word in ("shown", "new", "unchanged", "improved"):
        return ""
    if row.word != "inconclusive" or row.mde90 is None or row.high is None or row.fail is None:
        return row.reason
    if row.high < row.fail:
        return row.reason  # An improvement that is none.
    most, limit = (own.moved_text(row, row.written(number)) for number in (row.high, row.fail))
    decide = "ten runs a side would not decide"
    if row.further_runs:
        decide = f"{counted(row.further_runs, 'more run')} would decide"
    elif row.further_base_runs:
        decide = f"{counted(row.further_base_runs, 'more baseline run')} would decide"
    found = own.moved_text(row, row.mde90)
    return f"up to {most} (limit {limit}); finds {found} 9 times in 10; {decide}"


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
