"""Waiting ends with what was seen, or fails with what was waited for."""

from __future__ import annotations

import pytest

from tests.support.waiting import wait_until


def test_it_ends_with_the_first_thing_that_is_seen() -> None:
    looks = iter([None, False, 0, 5])
    assert wait_until(lambda: next(looks), "a number") == 0


def test_waiting_in_vain_fails_and_says_for_what() -> None:
    with pytest.raises(AssertionError, match=r"waited 0\.05 s in vain: rain"):
        wait_until(lambda: None, "rain", timeout_s=0.05)
