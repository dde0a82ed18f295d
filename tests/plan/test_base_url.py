"""Base URLs as they are shown."""

from __future__ import annotations

import pytest

from loadtui.plan.base_url import shown_url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:s3cret@shop.example:8443/v1", "https://***@shop.example:8443/v1"),
        ("http://s3cret@127.0.0.1", "http://***@127.0.0.1"),
        ("http://127.0.0.1/a@b", "http://127.0.0.1/a@b"),
        ("http://127.0.0.1:80", "http://127.0.0.1:80"),
        ("http://127.0.0.1?who=a@b", "http://127.0.0.1?who=a@b"),
        ("several", "several"),
        ("", ""),
    ],
)
def test_who_asks_is_not_shown(url: str, shown: str) -> None:
    assert shown_url(url) == shown
