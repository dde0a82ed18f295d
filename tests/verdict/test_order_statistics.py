"""Order statistics against a reference written independently of them, and against published
values."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

import pytest

from loadtui.samples.bins import bin_of
from loadtui.samples.distribution import Distribution, distribution_of
from loadtui.samples.estimate import BLOCKS
from loadtui.verdict import order_statistics
from loadtui.verdict.order_statistics import (
    OrderedChange,
    PooledValues,
    design_effect,
    fewest_bounded,
    pooled,
)
from tests.support.imaginary_target import Draws
from tests.support.reference_numbers import FILE
from tests.support.thin_cases import thin_case

CASES = json.loads(FILE.read_text(encoding="utf-8"))["thin cases"]


def close_to(number: float | None, otherwise: float) -> Any:
    return otherwise if number is None else pytest.approx(number, rel=1e-9, abs=1e-9)


def test_three_hundred_cases() -> None:
    decided = 0
    for seed, effects, change, low, high, p in CASES:
        case = thin_case(seed)
        sides = [pooled(side, case.percentile) for side in (case.base, case.current)]
        assert [side.effect for side in sides] == [close_to(effect, 1) for effect in effects]
        ordered = OrderedChange(*sides, case.percentile, case.tau)
        assert ordered.change == close_to(change, 0)
        assert ordered.interval() == (close_to(low, -math.inf), close_to(high, math.inf)), seed
        assert ordered.p() == close_to(p, 1), seed
        decided += p < 0.05
    assert len(CASES) >= 300
    assert decided > 50


def test_a_case_costs_few_binomials() -> None:
    """Each is worked out once, and few are looked at: hundreds of rows are judged in a second."""
    case = thin_case(4)
    order_statistics._at_least.cache_clear()
    sides = [pooled(side, 0.95) for side in (case.base, case.current)]
    OrderedChange(*sides, 0.95, 0.05).p()
    assert order_statistics._at_least.cache_info().misses < 300


def of_values(values: list[int], effect: float = 1.0) -> PooledValues:
    bins = sorted(map(bin_of, values))
    return PooledValues(bins, [*range(1, len(bins) + 1)], effect, 1)


@pytest.mark.parametrize(
    ("n", "p", "alpha", "low", "high"),
    [
        (10, 0.5, 0.05, 2, 9),  # Conover 1999, Practical Nonparametric Statistics, table A3
        (20, 0.5, 0.05, 6, 15),
        (72, 0.95, 0.05, 64, 72),
        (71, 0.95, 0.05, 63, None),
    ],
)
def test_bounds_are_those_of_the_binomial(
    n: int, p: float, alpha: float, low: int, high: int | None
) -> None:
    found = of_values([*range(1, n + 1)]).bounds(p, alpha)
    assert found[0] == pytest.approx(math.log(low))
    assert found[1] == (math.inf if high is None else pytest.approx(math.log(high)))


def test_what_bounds_a_percentile_is_the_fewest() -> None:
    for p in (0.05, 0.5, 0.75, 0.95, 0.99, 0.999):
        for effect in (1.0, 1.37, 2.0, 6.25):
            needed = fewest_bounded(p, effect)
            for count, finite in ((needed, True), (math.floor(needed - effect - 1e-9), False)):
                bounds = of_values([7] * count, effect).bounds(p, 0.025)
                assert all(map(math.isfinite, bounds)) == finite, (p, effect, count)
    assert fewest_bounded(0.95, 1.0) == 86


def test_the_design_effect_of_blocks_that_differ() -> None:
    alike = design_effect([5] * 20, [10] * 20)
    assert alike == 1.0, "never below that of independent values"
    # Half of the blocks are all above the median: 20/19 * 20 * 25 / 200^2 over 1/4 / 200.
    assert design_effect([10, 0] * 10, [10] * 20) == pytest.approx(20 / 19 * 10)
    assert design_effect([1, 0] * 10, [2] * 19 + [1]) == 2.0, "39 values"
    assert design_effect([5] * 4, [10] * 4) == 2.0, "4 blocks"
    assert design_effect([5] * 4 + [0] * 9, [10] * 4 + [0] * 9) == 2.0, "4 in use"
    assert design_effect([0] * 20, [10] * 20) == 1.0, "all values alike"


def test_rounding_widens_the_interval() -> None:
    def side(relative: float) -> Distribution:
        return distribution_of([506], [200], [10] * 20, [0] * 20, relative)

    exact, rounded = (
        OrderedChange(pooled([side(0)] * 2, 0.95), pooled([side(share)] * 2, 0.95), 0.95, 0.05)
        for share in (0.0, 0.048)
    )
    assert exact.interval()[1] == pytest.approx(1.959963984540054 * 0.05)
    # Of both runs alike: 0.05^2 + (0.05^2 + 0.048^2 / 3) over two.
    wide = math.sqrt((2 * 0.05**2 + 0.048**2 / 3) / 2)
    assert rounded.interval()[1] == pytest.approx(1.959963984540054 * wide)


@pytest.mark.parametrize(("slower", "least", "most"), [(1.0, 0.0, 0.05), (2.5, 0.9, 1.0)])
def test_what_is_called_different(slower: float, least: float, most: float) -> None:
    """200 pairs of runs with 100 to 400 requests that differ by 5 % and whose load wanders: at
    most 5 % are called different where nothing changed, nearly all where something did."""
    draws = Draws(11)
    called, pairs = 0, 200
    for _ in range(pairs):
        sides = [
            of_one_run(draws, 100 + draws.below(301), math.exp(11) * factor)
            for factor in (1.0, slower)
        ]
        percentile = draws.of((0.5, 0.75) if slower > 1 else (0.5, 0.75, 0.95))
        values = [pooled([side], percentile) for side in sides]
        low, high = OrderedChange(*values, percentile, 0.05).interval()
        called += low > 0 or high < 0
    assert least <= called / pairs <= most


def of_one_run(draws: Draws, count: int, middle: float) -> Distribution:
    """Lognormal latencies with an AR(1) process of 8 % from block to block."""
    middle, pace = draws.normal(math.log(middle), 0.05), 0.0
    drawn = []
    for block in range(BLOCKS):
        pace = 0.7 * pace + draws.normal(0, 0.08 * math.sqrt(1 - 0.7**2))
        for _ in range(draws.rounded(count / BLOCKS)):
            drawn.append((block, bin_of(round(math.exp(middle + pace + draws.normal(0, 0.5))))))
    median = sorted(bin_ for _, bin_ in drawn)[(len(drawn) - 1) // 2]
    counts = Counter(bin_ for _, bin_ in drawn)
    bins = sorted(counts)
    return distribution_of(
        bins,
        [counts[bin_] for bin_ in bins],
        [sum(at == block for at, _ in drawn) for block in range(BLOCKS)],
        [sum(at == block and bin_ > median for at, bin_ in drawn) for block in range(BLOCKS)],
    )
