"""Where a series of numbers changed its level for good.

E-divisive means: the series is split where the energy distance of what lies before and after is
largest (Matteson and James 2014, J. Am. Stat. Assoc. 109:334), then each part again.  It counts
when Student's t-test tells its two sides apart, as in Fleming et al. 2023, "Hunter: Using Change
Point Detection to Hunt for Performance Regressions", rather than by permutations, which need many
points and give another answer every time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise
from statistics import fmean
from typing import NamedTuple

from loadtui.verdict.students_t import two_sided_p

SIGNIFICANCE = 0.001
FEWEST_POINTS = 2
"""Points on each side of a split."""


class ChangePoint(NamedTuple):
    """The series has another level from the point at `start` on."""

    start: int
    before: float
    """Mean since the change before."""
    after: float
    """Mean until the next change."""
    p: float


def change_points(values: Sequence[float], significance: float = SIGNIFICANCE) -> list[ChangePoint]:
    """The changes in a series of finite numbers, in order; none in one of less than four.

    Takes some n^2 steps for every change: a second for a few hundred numbers.
    """
    splits = _divided(values, 0, len(values), significance)
    return _kept(values, sorted(splits), significance)


def _divided(values: Sequence[float], start: int, end: int, significance: float) -> list[int]:
    """Splits of values[start:end], by halves, until none is significant."""
    best = _best(values[start:end])
    if best is None:
        return []
    split = start + best[0]
    if t_test(values[start:split], values[split : start + best[1]]) > significance:
        return []
    return [
        *_divided(values, start, split, significance),
        split,
        *_divided(values, split, end, significance),
    ]


def _best(values: Sequence[float]) -> tuple[int, int] | None:
    """(split, end) with the largest energy statistic of values[:split] and values[split:end].

    That `end` need not be the last is what finds a level that holds only for a while.  With A the
    sum of distances between the two sides, B and C those within each,
    Q = 2 A / (n + m) - n m / (n + m) (B / C(n, 2) + C / C(m, 2)).
    """
    size = len(values)
    # rows[i][j]: distances of point i to the points before j.
    rows = [[0.0, *accumulate(abs(value - other) for other in values)] for value in values]
    within = _Within(rows)
    best, most = None, -math.inf
    for split in range(FEWEST_POINTS, size - FEWEST_POINTS + 1):
        between = 0.0
        left = within.sum(0, split) / (split * (split - 1) / 2)
        for end in range(split + 1, size + 1):
            between += rows[end - 1][split]
            n, m = split, end - split
            if m < FEWEST_POINTS:
                continue
            right = within.sum(split, end) / (m * (m - 1) / 2)
            q = 2 * between / (n + m) - n * m / (n + m) * (left + right)
            if q > most:
                best, most = (split, end), q
    return best


class _Within:
    """Sums of the distances between all pairs of a stretch, each in one step."""

    def __init__(self, rows: Sequence[Sequence[float]]) -> None:
        # sums[i][j]: distances between the points before i and those before j.
        self._sums = [[0.0] * len(rows[0])] if rows else [[0.0]]
        for row in rows:
            self._sums.append([a + b for a, b in zip(self._sums[-1], row, strict=True)])

    def sum(self, start: int, end: int) -> float:
        sums = self._sums
        return (sums[end][end] - sums[start][end] - sums[end][start] + sums[start][start]) / 2


def _kept(values: Sequence[float], splits: list[int], significance: float) -> list[ChangePoint]:
    """The splits whose two neighbouring levels differ; the least certain goes first, as that joins
    the levels beside it."""
    while splits:
        edges = [0, *splits, len(values)]
        levels = [values[start:end] for start, end in pairwise(edges)]
        chances = [t_test(left, right) for left, right in pairwise(levels)]
        worst = max(range(len(splits)), key=chances.__getitem__)
        if chances[worst] <= significance:
            means = [fmean(level) for level in levels]
            return [
                ChangePoint(split, means[at], means[at + 1], chances[at])
                for at, split in enumerate(splits)
            ]
        del splits[worst]
    return []


def t_test(left: Sequence[float], right: Sequence[float]) -> float:
    """Two-sided p of Student's t-test with pooled variance that both sides have the same mean."""
    n, m = len(left), len(right)
    first, second = fmean(left), fmean(right)
    squares = sum((x - first) ** 2 for x in left) + sum((x - second) ** 2 for x in right)
    df = n + m - 2
    if df < 1 or first == second:
        return 1.0
    error = math.sqrt(squares / df * (1 / n + 1 / m))
    return two_sided_p((first - second) / error, df) if error > 0 else 0.0
