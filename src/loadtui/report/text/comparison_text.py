"""A comparison as text for people: what changed, and how much of the rest there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from loadtui.plurals import counted
from loadtui.printable_text import visible_text
from loadtui.report.account import comparison_formatting
from loadtui.report.account.compared_rows import (
    comparison_remarks,
    notable_rows,
    power_sentence,
    row_detail,
    row_endpoint,
    side_name,
)
from loadtui.report.account.shortening import shorten
from loadtui.report.account.verdict_words import (
    ROW_WORDS,
    Tone,
    comparison_wording,
    provenance_word,
    row_wording,
)
from loadtui.report.text.paint import Paint
from loadtui.report.text.text_table import MIN_WIDTH, TextColumn, text_table, wrapped
from loadtui.store.comparison import Comparison, ComparisonRow

_ROOMY = 110
"""From this width on the table shows the interval."""


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
        *writer.sentences("? ", comparison.not_compared, "warn"),
        *writer.rows(everything),
        *writer.rest(everything),
        *writer.power(),
        *writer.sentences("! ", comparison_remarks(comparison), "warn"),
        *writer.sentences("≠ ", comparison.differences, "dim"),
    ]


class _Writer:
    def __init__(self, comparison: Comparison, width: int, paint: Paint) -> None:
        self.comparison = comparison
        self.width = width
        self.paint = paint

    def banner(self) -> str:
        base, current = self.comparison.base, self.comparison.current
        verdict = comparison_wording(self.comparison)
        kind = provenance_word(current.provenance)
        word, against = verdict.explained, visible_text(side_name(base))
        text = f"{word} · {kind} · {visible_text(current.name)} against {against}"
        line = shorten(text, self.width)
        return self.paint(line[: len(word)], verdict.tone) + line[len(word) :]

    def rows(self, everything: bool) -> list[str]:
        rows = self.comparison.rows if everything else notable_rows(self.comparison.rows)
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
        painted = ["", self.paint(head, "dim")]
        for row, line in zip(rows, lines, strict=True):
            wording = row_wording(row)
            end = len(wording.in_list)
            painted.append(self.paint(line[:end], wording.tone) + line[end:])
            if not self._told_once(row) and (detail := row_detail(row)):
                painted += self._wrapped(visible_text(detail), "    ", "dim")
        return painted

    def rest(self, everything: bool) -> list[str]:
        """What the table leaves out, put together."""
        if everything or self.comparison.not_compared:
            return [""]
        counts, rows = Counter(self.comparison.counts), self.comparison.rows
        notable = Counter(row.word for row in notable_rows(rows))
        lines = list(self._together(rows))
        told = {row.key for row in notable_rows(rows)}
        vague = [row for row in rows if row.word == "inconclusive" and row.key not in told]
        counts -= notable + Counter(
            row.word for row in rows if row.word in ("not comparable", "new")
        )
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

    def _told_once(self, row: ComparisonRow) -> bool:
        """Whether the reason of a row stands above the table already."""
        return bool(self.comparison.not_compared) and row.word == "not comparable"

    def _together(self, rows: Sequence[ComparisonRow]) -> Iterable[str]:
        """Not comparable and new metrics, those alike in one line."""
        alike: dict[tuple[str, str, str], list[ComparisonRow]] = {}
        for row in rows:
            if row.word in ("not comparable", "new") and row.status != "fail":
                of = row_endpoint(row) if row.word == "new" or "only" in row.reason else ""
                alike.setdefault((row.word, row.reason, of), []).append(row)
        for (word, reason, of), group in alike.items():
            stages = ", ".join(dict.fromkeys(visible_text(row.stage) for row in group))
            sign = ROW_WORDS[word].in_list
            where = f"{visible_text(of)} in {stages}" if of else stages
            what = counted(len(group), "metric")
            yield f"{sign}: {where} ({what}){f': {visible_text(reason)}' if reason else ''}"

    def power(self) -> list[str]:
        """What could have been found at all: never claim more."""
        sentence = power_sentence(self.comparison)
        return self._wrapped(sentence, "", "dim") if sentence else []

    def sentences(self, sign: str, sentences: Sequence[str], style: Tone) -> list[str]:
        return [
            line
            for sentence in sentences
            for line in self._wrapped(visible_text(sentence), sign, style)
        ]

    def _wrapped(self, text: str, indent: str, style: Tone) -> list[str]:
        return [self.paint(line, style) for line in wrapped(text, self.width, indent)]


def _cells(row: ComparisonRow) -> tuple[str, ...]:
    return (
        row_wording(row).in_list,
        visible_text(row.stage),
        visible_text(row_endpoint(row)),
        visible_text(row.metric),
        visible_text(comparison_formatting.value_text(row, row.base)),
        visible_text(comparison_formatting.value_text(row, row.current)),
        comparison_formatting.change_text(row),
        comparison_formatting.interval_text(row),
    )
