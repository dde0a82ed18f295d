from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.verdict.change_points import _best, change_points, t_test


def noise(count: int, level: float, seed: int = 1, sd: float = 1.0) -> list[float]:
    rng = random.Random(seed)
    return [rng.gauss(level, sd) for _ in range(count)]


def test_a_step_is_found_where_it_is() -> None:
    (point,) = change_points([*noise(15, 100), *noise(15, 110, 2)])
    assert point.start == 15
    assert point.before == pytest.approx(100, abs=1)
    assert point.after == pytest.approx(110, abs=1)
    assert point.p < 1e-9


def test_a_level_that_held_for_a_while() -> None:
    series = [*noise(20, 100), *noise(6, 112, 2), *noise(20, 100, 3)]
    assert [point.start for point in change_points(series)] == [20, 26]


def test_a_staircase() -> None:
    series = [*noise(10, 100), *noise(10, 107, 2), *noise(10, 114, 3)]
    assert [point.start for point in change_points(series)] == [10, 20]


def test_one_bad_run_is_no_change() -> None:
    series = noise(30, 100)
    series[14] = 140
    assert change_points(series) == []


def test_noise_seldom_changes() -> None:
    # At 0.001 a split, of which the best of many is taken: a few of a hundred series at most.
    assert sum(bool(change_points(noise(30, 100, seed))) for seed in range(100)) <= 10


def test_no_noise_at_all() -> None:
    assert change_points([5.0] * 20) == []
    assert [point.start for point in change_points([5.0] * 8 + [6.0] * 8)] == [8]


@pytest.mark.parametrize("count", range(4))
def test_too_few_to_tell(count: int) -> None:
    assert change_points([1.0, 50.0, 2.0][:count]) == []


def energy(left: list[float], right: list[float]) -> float:
    n, m = len(left), len(right)
    between = sum(abs(x - y) for x in left for y in right) * 2 / (n * m)
    within = [
        sum(abs(x - y) for x, y in itertools.combinations(side, 2))
        / (len(side) * (len(side) - 1) / 2)
        for side in (left, right)
    ]
    return n * m / (n + m) * (between - sum(within))


@settings(max_examples=60)
@given(st.lists(st.integers(-50, 50).map(float), min_size=4, max_size=12))
def test_the_split_is_the_best_by_definition(values: list[float]) -> None:
    point = _best(values)
    assert point is not None
    split, end = point
    every = {
        (at, to): energy(values[:at], values[at:to])
        for at in range(2, len(values) - 1)
        for to in range(at + 2, len(values) + 1)
    }
    assert every[split, end] == pytest.approx(max(every.values()), abs=1e-9)


def test_the_t_test_of_a_textbook() -> None:
    # Student's sleep data, pooled: t = -1.8608, df = 18, p = 0.07919 (R, t.test(var.equal = TRUE)).
    one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    other = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    assert t_test(one, other) == pytest.approx(0.07919, abs=5e-6)
