"""Random numbers that are the same everywhere for the same seed.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import math
from random import Random

import polars as pl

_STEP, _MIX_1, _MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_KNUTH_UP_TO = 30.0


class RandomStream:
    """An endless row of 64-bit words, read in columns: SplitMix64 (Steele, Lea and Flood 2014,
    OOPSLA), which is a hash of the position, so that whole columns are made at once."""

    def __init__(self, rng: Random) -> None:
        self._key = rng.getrandbits(64)
        self._at = 0

    def words(self, count: int) -> pl.Series:
        """The next so many words, u64."""
        first = self._at + 1
        self._at += count
        word = pl.int_range(first, first + count, dtype=pl.UInt64) * _u64(_STEP) + _u64(self._key)
        word = (word ^ (word // _u64(1 << 30))) * _u64(_MIX_1)
        word = (word ^ (word // _u64(1 << 27))) * _u64(_MIX_2)
        return pl.select(word=word ^ (word // _u64(1 << 31))).to_series()


def high_half(word: pl.Expr) -> pl.Expr:
    """A uniform in (0, 1) from the upper 32 bits of a word."""
    return ((word // _u64(1 << 32)).cast(pl.Float64) + 0.5) * 2.0**-32


def low_half(word: pl.Expr) -> pl.Expr:
    """A uniform in (0, 1) from the lower 32 bits of a word."""
    return ((word % _u64(1 << 32)).cast(pl.Float64) + 0.5) * 2.0**-32


def draw_below(word: pl.Expr) -> pl.Expr:
    """A uniform in (0, 1) from all of a word, as fine as a float."""
    return ((word // _u64(1 << 11)).cast(pl.Float64) + 0.5) * 2.0**-53


def normal(radius: pl.Expr, angle: pl.Expr) -> pl.Expr:
    """A standard normal from two uniforms (Box and Muller 1958)."""
    return (-2.0 * radius.log()).sqrt() * (math.tau * angle).cos()


def poisson(rng: Random, mean: float) -> int:
    """A Poisson number: for small means by the product of uniforms (Knuth), else by transformed
    rejection (Hörmann 1993, Insurance: Mathematics and Economics 12:39, algorithm PTRS)."""
    if mean < _KNUTH_UP_TO:
        limit, count, product = math.exp(-mean), 0, rng.random()
        while product > limit:
            count += 1
            product *= rng.random()
        return count
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    squeeze = 0.9277 - 3.6224 / (b - 2.0)
    log_mean = math.log(mean)
    while True:
        u, v = rng.random() - 0.5, 1.0 - rng.random()
        inside = 0.5 - abs(u)
        if inside <= 0.0:
            continue
        k = math.floor((2.0 * a / inside + b) * u + mean + 0.43)
        if inside >= 0.07 and v <= squeeze:
            return k
        if k < 0 or (inside < 0.013 and v > inside):
            continue
        accept = math.log(v * inverse_alpha / (a / inside**2 + b))
        if accept <= k * log_mean - mean - math.lgamma(k + 1):
            return k


def _u64(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)
