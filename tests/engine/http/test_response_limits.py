"""How long a response may be."""

from __future__ import annotations

import gevent
import pytest

from loadtui.engine.http import response_limits
from loadtui.engine.http.response_limits import (
    MAX_RESPONSE_BYTES,
    ResponseAllowance,
    ResponseTooLong,
    response_too_long,
)


def test_all_but_one_byte_too_many() -> None:
    allowance = ResponseAllowance()
    allowance.take(1)
    allowance.bound()
    for _ in range(MAX_RESPONSE_BYTES >> 24):
        allowance.bound()
        allowance.take(1 << 24)
    with pytest.raises(ResponseTooLong, match=r"longer than 1 GB, .* stream=True"):
        allowance.take(1)


def test_without_a_bound() -> None:
    allowance = ResponseAllowance()
    for _ in range(10):
        allowance.take(MAX_RESPONSE_BYTES)


@pytest.mark.parametrize(
    ("limit", "words"),
    [(3 << 30, "3 GB"), (16 << 20, "16 MB"), (1536, "1536 bytes"), (1024, "1 kB")],
)
def test_a_limit_in_words(monkeypatch: pytest.MonkeyPatch, limit: int, words: str) -> None:
    monkeypatch.setattr(response_limits, "MAX_RESPONSE_BYTES", limit)
    assert f"longer than {words}, " in str(response_too_long())


def test_it_is_a_failure_to_both_clients() -> None:
    from requests.exceptions import RequestException

    error = response_too_long()
    assert isinstance(error, ConnectionError)
    assert isinstance(error, RequestException)
    assert error.request is None
    assert not hasattr(error, "response")


def test_others_get_to_run_while_a_long_response_comes() -> None:
    turns: list[int] = []
    beside = gevent.spawn(lambda: turns.append(1))
    allowance = ResponseAllowance()
    for _ in range(100):
        allowance.take(65_536)
    beside.kill()
    assert turns == [1]
