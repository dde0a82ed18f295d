"""HdrHistogram's percentile distribution as text, alone in a .hgrm file or within what wrk2 prints.

           Value     Percentile TotalCount 1/(1-Percentile)

           1.043 0.000000000000          1           1.00
           ...
    #[Mean    =        3.021, StdDeviation   =        1.337]
    #[Max     =       12.304, Total count    =         5231]

as in `outputPercentileDistribution` of AbstractHistogram.java, or with commas and without the lines
in brackets.  A row says that so many of all values are not above this one.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from loadtui.importing.files import numerals
from loadtui.percentile_names import percentile_name
from loadtui.samples.source_figures import SourceFigures

_HEAD = re.compile(
    r'\s*"?Value *(?:\( *(?P<unit>[^)]*?) *\))?"?[\s,]+"?Percentile"?[\s,]+"?TotalCount"?[\s,]+'
    r'"?1/\(1-Percentile\)"?\s*'
)
_FACT = re.compile(r"(Mean|Max|Total ?[cC]ount)\s*=\s*([^\s,\]]+)")
_COUNT, _TOTAL = "Total count", "Total"
_ASKED = (0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999)
"""Shares that are looked for between the rows, besides those of the rows."""
_SAME_SHARE = 1e-9
"""Names of percentiles have four decimals of a percent."""
_MOST_ROWS = 100_000


class SpectrumRow(NamedTuple):
    value: float
    share: float
    """0..1."""
    up_to: int
    """How many of all values are not above this one."""


class PercentileSpectrum:
    """Takes the lines under the head one by one."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        """Of the values as the head has it, empty where it says none."""
        self.rows: list[SpectrumRow] = []
        self.facts: dict[str, float] = {}

    def take(self, line: str) -> bool:
        """False for a line that is no part of it.  Raises ValueError for a row that cannot be."""
        text = line.strip()
        if text.startswith("#["):
            for name, number in _FACT.findall(text):
                self._add_fact(name, _number(number))
            return "SubBuckets" not in text
        cells = [cell for cell in re.split(r"[\s,]+", text) if cell]
        if not cells:
            return True
        if len(cells) not in (3, 4) or not cells[0][0].isdecimal():
            return False
        value, share, count = map(_number, cells[:3])
        if share > 1:
            raise ValueError(f"{share:g} is no share of all")
        self._append(SpectrumRow(value, share, numerals.whole_count(count)))
        return True

    def _add_fact(self, name: str, number: float) -> None:
        if name.startswith(_TOTAL):
            numerals.whole_count(number)
            name = _COUNT
        self.facts[name] = number

    def _append(self, row: SpectrumRow) -> None:
        if self.rows:
            last = self.rows[-1]
            if row.value < last.value or row.share < last.share or row.up_to < last.up_to:
                raise ValueError("its numbers fall, which no distribution's do")
        if len(self.rows) >= _MOST_ROWS:
            raise ValueError("it has more rows than any distribution")
        self.rows.append(row)

    @property
    def count(self) -> int | None:
        """How many values there are, None where it is cut off."""
        said = self.facts.get(_COUNT)
        if said is not None:
            return numerals.whole_count(said)
        return self.rows[-1].up_to if self.is_whole else None

    @property
    def is_whole(self) -> bool:
        """Whether it goes on to the largest value."""
        return bool(self.rows) and self.rows[-1].share == 1

    def percentiles(self) -> dict[str, float]:
        """`p95` -> the value, of each row, and of shares that people ask for where rows leave no
        doubt of them."""
        found = {
            percentile_name(row.share): row.value
            for row in self.rows
            if 0 < row.share < 1 and abs(row.share - round(row.share, 6)) < _SAME_SHARE
        }
        for share in _ASKED:
            bounds = self.bounds(share)
            if bounds is not None and bounds[0] == bounds[1]:
                found.setdefault(percentile_name(share), bounds[0])
        return found

    def figures(self, ms: float) -> SourceFigures:
        """Its figures, of values that are so many milliseconds each."""
        mean, most = self.facts.get("Mean"), self.facts.get("Max")
        least = self.rows[0] if self.rows and self.rows[0].share == 0 else None
        if most is None and self.is_whole:
            most = self.rows[-1].value
        return SourceFigures(
            requests=self.count,
            mean_ms=None if mean is None else mean * ms,
            min_ms=None if least is None else least.value * ms,
            max_ms=None if most is None else most * ms,
            percentiles={name: value * ms for name, value in self.percentiles().items()},
        )

    def bounds(self, share: float) -> tuple[float, float] | None:
        """Between which values the one at a share lies, both alike where it is certain; None where
        the rows do not go that far, or do not say how many values there are."""
        at = bisect_left(self.rows, share, key=lambda row: row.share)
        count = self.facts.get(_COUNT)
        if not 0 < at < len(self.rows) or count is None:
            return None
        below, above = self.rows[at - 1], self.rows[at]
        rank = math.ceil(share * count)
        if rank <= below.up_to:
            return below.value, below.value
        # The value of a row is that of the last that it counts.
        low = above.value if rank == above.up_to else below.value
        return low, above.value


def spectrum_head(line: str) -> PercentileSpectrum | None:
    """An empty one where a line is its head."""
    match = _HEAD.fullmatch(line.rstrip("\r\n"))
    return None if match is None else PercentileSpectrum((match["unit"] or "").lower())


def read_spectrum(lines: Iterable[str]) -> PercentileSpectrum | None:
    """The first distribution in these lines; None where there is none."""
    found: PercentileSpectrum | None = None
    for line in lines:
        if found is None:
            found = spectrum_head(line)
        elif not found.take(line):
            break
    return found


def _number(text: str) -> float:
    number = numerals.parse_number(text)
    if number is None:
        raise ValueError(f"{text!r} is no number")
    return number
