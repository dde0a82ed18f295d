"""Many tests at once."""

from __future__ import annotations

import pytest

from loadtui.verdict.false_discovery import significance_cut


@pytest.mark.parametrize(
    ("ps", "cut"),
    [
        ([], -1.0),
        ([0.05], 0.05),
        ([0.050001], -1.0),
        ([0.001, 0.03, 0.9, 0.02], 0.03),
        ([0.026, 0.9], -1.0),
        ([0.04, 0.049], 0.049),  # stepping up, the larger one carries the smaller
        ([0.9, 0.5, 0.06], -1.0),
    ],
)
def test_the_largest_significant_p(ps: list[float], cut: float) -> None:
    assert significance_cut(ps) == cut


def test_the_example_of_benjamini_and_hochberg() -> None:
    ps = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    ps += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    assert significance_cut(ps) == 0.0095
