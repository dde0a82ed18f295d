"""What a Retry-After header may say."""

from __future__ import annotations

import pytest

from loadtui.users.retry_after import retry_after_s


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 5000, None),
        ("Mon, 01 Jan 0001 00:00:00 -0000", 0.0),
        ("Fri, 99 Dec 99999 99:99:99 GMT", None),
    ],
)
def test_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after_s(value) == seconds
