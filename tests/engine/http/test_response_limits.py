"""How long a response may be."""

from __future__ import annotations

import pytest

from loadtui.engine.http.response_limits import (
    MAX_RESPONSE_BYTES,
    ResponseAllowance,
    ResponseTooLong,
)


def test_all_but_one_byte_too_many() -> None:
    allowance = ResponseAllowance()
    for _ in range(MAX_RESPONSE_BYTES >> 24):
        allowance.take(1 << 24)
    with pytest.raises(ResponseTooLong, match="longer than 1 GB"):
        allowance.take(1)
