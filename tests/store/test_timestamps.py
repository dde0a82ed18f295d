"""Moments as manifests have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from loadtui.store.timestamps import parse_timestamp


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23T10:15:00.250+00:00", datetime(2026, 11, 23, 10, 15, 0, 250_000, UTC)),
        ("2026-11-23T10:15:00Z", datetime(2026, 11, 23, 10, 15, tzinfo=UTC)),
        ("2026-11-23T10:15:00", datetime(2026, 11, 23, 10, 15, tzinfo=UTC)),
        (
            "2026-11-23T10:15:00+09:00",
            datetime(2026, 11, 23, 10, 15, tzinfo=timezone(timedelta(hours=9))),
        ),
        ("", None),
        ("yesterday", None),
    ],
)
def test_moment(text: str, expected: datetime | None) -> None:
    assert parse_timestamp(text) == expected
