"""HttpUser's fast session and the stock one, side by side on servers' bad days."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.support.scripted_server import ScriptedServer
from tests.support.two_http_sessions import Call, both
from tests.support.unusual_requests import scripts

EXCHANGES = int(os.environ.get("EXCHANGES_TO_COMPARE", "150"))
ATTEMPTS = 5
"""The outcome of some exchanges hangs on which bytes come together.  What differs for another
reason than that differs each time."""
HUNG_S = 0.3
"""The read timeout where a server hangs."""
ANSWER_S = 1.5
"""The read timeout elsewhere: some answers leave a client waiting for more."""


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        gc.collect()
        gc.freeze()  # what was imported need not be looked at after each example
        yield running


@pytest.mark.time_limit(300)
def test_no_difference(server: ScriptedServer) -> None:
    compared = 0
    logging.disable(logging.WARNING)  # urllib3 has much to say about such servers

    @settings(
        max_examples=EXCHANGES // 2,
        derandomize=EXCHANGES <= 150,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(scripts(server.port, server.other))
    def compare(example: Any) -> None:
        nonlocal compared
        script, exchanges = example
        ends = {answer.end for answers in script.values() for answer in answers}
        timeout = HUNG_S if "hang" in ends else ANSWER_S
        calls = [
            Call(e.method, e.url, e.arguments | {"timeout": timeout}, e.within, e.rename)
            for e in exchanges
        ]
        for attempt in range(1, ATTEMPTS + 1):
            try:
                both(server, script, calls)
                break
            except AssertionError:
                if attempt == ATTEMPTS:
                    raise
        compared += len(calls)

    try:
        compare()
    finally:
        logging.disable(logging.NOTSET)
    assert compared >= EXCHANGES // 2
