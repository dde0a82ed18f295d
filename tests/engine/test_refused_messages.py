from __future__ import annotations

import logging

import pytest

from loadtui.engine.refused_messages import RefusedMessages


def test_a_flood_is_told_in_a_few_lines(caplog: pytest.LogCaptureFixture) -> None:
    refusals = RefusedMessages("what nobody asked for")
    with caplog.at_level(logging.WARNING):
        for _ in range(2_000):
            refusals.note("x" * 1_000)
    times = [text.rpartition(")")[2] for text in caplog.messages]
    assert times == ["", ", 10 times so far", ", 100 times so far", ", 1000 times so far"]
    assert all(len(text) < 300 for text in caplog.messages)
