"""Student's t for any number of degrees of freedom, also fractions: tail probability, quantile."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

_TINY = 1e-300
_CLOSE = 1e-14
_MAX_TERMS = 10_000
_MAX_STEPS = 100


def two_sided_p(t: float, df: float) -> float:
    """P(|T| >= |t|) for `df` > 0 degrees of freedom.

    It is I_x(df/2, 1/2) at x = df / (df + t^2) (Abramowitz and Stegun, 26.7.1); around t = 0 taken
    from the other tail, where no digits cancel.
    """
    square = t * t
    if math.isinf(square):
        return 0.0
    if square < 1:
        return 1.0 - incomplete_beta(0.5, df / 2, square / (df + square))
    return incomplete_beta(df / 2, 0.5, df / (df + square))


@lru_cache(maxsize=4096)
def quantile(p: float, df: float) -> float:
    """The t that a share `p` lies below, for 1/2 < p < 1 and `df` > 0.

    Newton's method from the expansion of Abramowitz and Stegun 26.7.5, kept between bounds that a
    bisection would keep, as the expansion is poor below some three degrees of freedom.
    """
    tail = 2 * (1 - p)
    low, high = 0.0, math.inf
    t = _expansion(p, df)
    for _ in range(_MAX_STEPS):
        excess = two_sided_p(t, df) - tail
        if excess > 0:
            low = t
        else:
            high = t
        step = excess / (2 * _density(t, df))
        if abs(step) <= _CLOSE * t:
            return t + step
        better = t + step
        if not low < better < high:
            better = (low + high) / 2 if math.isfinite(high) else 2 * t
        t = better
    return t


def _expansion(p: float, df: float) -> float:
    z = NormalDist().inv_cdf(p)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / df + second / df**2 + third / df**3


def _density(t: float, df: float) -> float:
    log_norm = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.log(df * math.pi) / 2
    return math.exp(log_norm - (df + 1) / 2 * math.log1p(t * t / df))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b) for positive a and b.

    By its continued fraction (DLMF 8.17.22) in the half where that converges fast, else by
    I_x(a, b) = 1 - I_{1-x}(b, a).
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - incomplete_beta(b, a, 1 - x)
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - log_beta) / a
    return front / _beta_fraction(a, b, x)


def _beta_fraction(a: float, b: float, x: float) -> float:
    """1 + d1/(1 + d2/(1 + ...)) of DLMF 8.17.22, by the modified Lentz algorithm (Thompson and
    Barnett 1986, J. Comput. Phys. 64:490)."""
    value = numerator = 1.0
    denominator = 0.0
    for term in range(1, _MAX_TERMS):
        m = term // 2
        if term % 2:
            d = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            d = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        denominator = 1 / (1 + d * denominator or _TINY)
        numerator = 1 + d / numerator or _TINY
        step = numerator * denominator
        value *= step
        if abs(step - 1) < _CLOSE:
            break
    return value
