"""The fast session and the stock one, side by side on servers' bad days.

The long comparison: `pytest tests/engine/http/check_differential.py -m differential`.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.scripted_server import ScriptedServer
from tests.support.two_clients import both, new_visitor
from tests.support.unusual_requests import scripts

EXCHANGES = int(os.environ.get("EXCHANGES_TO_COMPARE", "150"))
"""At least; examples are of two and a half exchanges on average."""
ATTEMPTS = 3
"""The outcome of some exchanges hangs on which bytes come together.  What differs for another
reason than that differs each time."""
HUNG_S = 0.3
"""The network timeout where a server hangs."""
ANSWER_S = 1.5
"""The network timeout elsewhere: some answers leave a client waiting for more."""


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        gc.collect()
        gc.freeze()  # what was imported need not be looked at after each example
        yield running


@pytest.mark.time_limit(300)
def test_no_difference(server: ScriptedServer) -> None:
    compare_exchanges(server, EXCHANGES)


@pytest.mark.differential
@pytest.mark.time_limit(1800)
def test_no_difference_in_2_000_exchanges(server: ScriptedServer) -> None:
    compare_exchanges(server, 2000)


def compare_exchanges(server: ScriptedServer, count: int) -> None:
    """Fails unless both do the same in `count` exchanges, or more."""
    compared = again = 0

    @settings(
        max_examples=count // 2,
        derandomize=count <= 150,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(scripts(server.port, server.other), st.integers(0, 1), st.sampled_from([0, 0, 0, 1, 2]))
    def compare(example: Any, redirects: int, retries: int) -> None:
        nonlocal compared, again
        script, exchanges = example
        ends = {answer.end for answers in script.values() for answer in answers}
        for attempt in range(ATTEMPTS):
            try:
                both(
                    server,
                    script,
                    exchanges,
                    user=new_visitor() if redirects else None,
                    max_redirects=30 if redirects else 2,
                    max_retries=retries,
                    network_timeout=HUNG_S if "hang" in ends else ANSWER_S,
                )
                break
            except AssertionError:
                again += 1
                if attempt == ATTEMPTS - 1:
                    raise
        compared += len(exchanges)

    compare()
    print(f"{compared} exchanges compared, {again} sequences had to be repeated")
    assert compared >= count
    assert again <= count / 100
