"""Random numbers: the same for the same seed, and distributed as they say."""

from __future__ import annotations

import math
from random import Random
from statistics import fmean, pvariance

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.simulate.draws import RandomStream, draw_below, high_half, low_half, normal, poisson

MASK = (1 << 64) - 1


def splitmix(key: int, position: int) -> int:
    z = (key + position * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


@given(st.integers(0, 2**64), st.lists(st.integers(0, 9), max_size=4))
def test_the_words_are_those_of_splitmix64_however_they_are_read(
    seed: int, lengths: list[int]
) -> None:
    stream = RandomStream(Random(seed))
    read = [word for length in lengths for word in stream.words(length).to_list()]

    key = Random(seed).getrandbits(64)
    assert read == [splitmix(key, at) for at in range(1, sum(lengths) + 1)]


@pytest.mark.parametrize("uniform", [high_half, low_half, draw_below])
def test_uniforms_fill_0_to_1_without_its_ends(uniform: object) -> None:
    words = RandomStream(Random(3)).words(100_000)
    made = words.to_frame("word").select(u=uniform(pl.col("word"))).get_column("u")  # type: ignore[operator]

    assert 0 < made.min() < 0.001
    assert 0.999 < made.max() < 1
    assert made.mean() == pytest.approx(0.5, abs=0.005)
    assert made.std() == pytest.approx(math.sqrt(1 / 12), rel=0.01)


def test_the_extreme_words_are_no_0_and_no_1() -> None:
    ends = pl.DataFrame({"word": [0, MASK]}, schema={"word": pl.UInt64})
    for uniform in (high_half, low_half, draw_below):
        low, high = ends.select(u=uniform(pl.col("word"))).get_column("u")
        assert 0 < low < 1e-9 < 1 - 1e-9 < high <= 1


def test_normals_are_normal() -> None:
    words = RandomStream(Random(4)).words(200_000).to_frame("word")
    z = words.select(z=normal(high_half(pl.col("word")), low_half(pl.col("word")))).to_series()

    assert z.mean() == pytest.approx(0, abs=0.01)
    assert z.std() == pytest.approx(1, rel=0.01)
    assert (z > 1.6449).mean() == pytest.approx(0.05, abs=0.002)
    assert (z < -2.3263).mean() == pytest.approx(0.01, abs=0.001)


@pytest.mark.parametrize("mean", [0.3, 5, 29.9, 30, 80, 2_000])
def test_poisson_numbers_have_mean_and_variance_of_their_kind(mean: float) -> None:
    rng = Random(5)
    drawn = [poisson(rng, mean) for _ in range(20_000)]

    assert fmean(drawn) == pytest.approx(mean, abs=4 * math.sqrt(mean / 20_000))
    assert pvariance(drawn) == pytest.approx(mean, rel=0.06)


def test_poisson_tails_are_right_where_the_method_changes() -> None:
    rng = Random(6)
    drawn = [poisson(rng, 40) for _ in range(50_000)]

    below = sum(math.exp(-40 + k * math.log(40) - math.lgamma(k + 1)) for k in range(30))
    assert sum(k < 30 for k in drawn) / 50_000 == pytest.approx(below, rel=0.1)
    assert poisson(rng, 0) == 0
