"""Which names a pattern of a plan means."""

from __future__ import annotations

import pytest

from loadtui.plan.name_pattern import fits_pattern


@pytest.mark.parametrize(
    ("name", "pattern", "fits"),
    [
        ("GET /items", "GET /items", True),
        ("GET /items", "GET *", True),
        ("GET /items", "GET", False),
        ("GET /items", "get /items", False),
        ("GET /items/[id]", "GET /items/[id]", True),
        ("GET /items/i", "GET /items/[id]", True),
        ("GET /items/[id]", "GET /items/[[]id]", True),
        ("GET /items/7", "GET /items/[id]", False),
    ],
)
def test_what_is_meant(name: str, pattern: str, fits: bool) -> None:
    assert fits_pattern(name, pattern) is fits
