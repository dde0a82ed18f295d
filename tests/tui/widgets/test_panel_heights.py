from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.tui.widgets.panel_heights import panel_heights

LEAST = 17
"""Lines of the smallest terminal there is, without the footer."""


@given(st.integers(LEAST, 300), st.booleans())
def test_nothing_is_pushed_off_the_screen(height, log):
    share = panel_heights(height, log=log)
    assert share.sum <= height
    assert share.endpoints >= 3
    assert share.charts >= 6 or (log and share.charts == 0)
    assert (share.log >= 4) == log


@pytest.mark.parametrize(("height", "charts"), [(17, 6), (23, 8), (39, 14), (59, 21), (79, 22)])
def test_charts(height, charts):
    assert panel_heights(height).charts == charts


def test_a_log_makes_charts_smaller_before_it_takes_their_place():
    assert 0 < panel_heights(39, log=True).charts < panel_heights(39).charts
    assert panel_heights(23, log=True).charts == 0
