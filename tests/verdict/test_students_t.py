"""Student's t: tables that anybody can look up."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.verdict.students_t import incomplete_beta, quantile, two_sided_p


@pytest.mark.parametrize(
    ("p", "df", "t"),
    [
        (0.975, 1, 12.7062047364),
        (0.975, 2, 4.30265272991),
        (0.975, 4, 2.77644510520),
        (0.975, 12, 2.17881282966),
        (0.975, 30, 2.04227245630),
        (0.90, 1, 3.07768353718),
        (0.90, 4, 1.53320627407),
        (0.90, 30, 1.31041502534),
    ],
)
def test_quantiles(p: float, df: float, t: float) -> None:
    assert quantile(p, df) == pytest.approx(t, rel=1e-10)


@pytest.mark.parametrize(
    ("t", "df", "p"),
    [
        (0.0, 5, 1.0),
        (1.0, 1, 0.5),
        (2.0, 2, 1 - 2 / math.sqrt(6)),  # P = 1 - t / sqrt(2 + t^2)
        (2.5, 12, 0.0279154),
        (-2.5, 12, 0.0279154),
        (math.inf, 3, 0.0),
        (1e200, 3, 0.0),
    ],
)
def test_tails(t: float, df: float, p: float) -> None:
    assert two_sided_p(t, df) == pytest.approx(p, rel=1e-5, abs=1e-12)


def test_a_far_tail_keeps_its_digits() -> None:
    # For one degree of freedom the tail is 1 - 2 atan(t) / pi, close to 2 / (pi t).
    assert two_sided_p(1e8, 1) == pytest.approx(2 / (math.pi * 1e8), rel=1e-9)
    assert two_sided_p(1e-9, 1) == pytest.approx(1 - 2e-9 / math.pi, rel=1e-15)


@given(st.floats(0.51, 0.9999), st.floats(1, 200))
def test_quantile_and_tail_are_inverse(p: float, df: float) -> None:
    assert two_sided_p(quantile(p, df), df) == pytest.approx(2 * (1 - p), rel=1e-9)


@given(st.floats(0.5, 50), st.floats(0.5, 50), st.floats(0.0, 1.0))
def test_the_beta_function_is_symmetric(a: float, b: float, x: float) -> None:
    assert incomplete_beta(a, b, x) + incomplete_beta(b, a, 1 - x) == pytest.approx(1, abs=1e-9)
