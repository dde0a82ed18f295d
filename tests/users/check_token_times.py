"""The times of tokens, as they are recorded, against a server that logs when it sent them."""

from __future__ import annotations

import random
from itertools import pairwise

import gevent
import gevent.pool
import pytest

from loadtui.users import ChatUser
from tests.support.service_users import Noted, failures, new_user
from tests.support.token_server import TokenServer
from tests.support.two_clients import client

USERS, STREAMS, TOKENS = 10, 10, 12
WITHIN_MS = 2.0
"""Beside how late the server's own timers were, which is what else goes on on the machine."""


def percentiles(values: list[float]) -> list[float]:
    ordered = sorted(values)
    return [ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.9, 0.95, 0.99)]


def script(draw: random.Random) -> list[float]:
    """Seconds to each token: a first one between 20 and 100 ms, gaps of 5 to 40 ms, most short."""
    at = [draw.uniform(0.02, 0.1)]
    for _ in range(TOKENS - 1):
        at.append(at[-1] + min(0.005 + draw.expovariate(1 / 0.006), 0.04))
    return at


@pytest.mark.alone
def test_percentiles_of_token_times(noted: Noted) -> None:
    with client(fast=True), TokenServer() as server:
        users = [new_user(ChatUser, server.url) for _ in range(USERS)]

        def visit(number: int) -> None:
            draw = random.Random(number)
            gevent.sleep(number * 0.013)  # not all of them in the same millisecond
            for _ in range(STREAMS):
                users[number].chat("hello", stream=True, at=script(draw))

        for user in users:  # opens its connection
            user.chat("hello", stream=True, at=[0.001])
            user.told.clear()
        server.log()
        noted.values.clear()
        pool = gevent.pool.Group()
        pool.map(visit, range(USERS))
        log = server.log()
    assert [said for user in users for said in failures(user)] == [""] * USERS * STREAMS
    ttft = [1000 * (one.sent[0] - one.came) for one in log]
    gaps = [1000 * (b - a) for one in log for a, b in pairwise(one.sent)]
    late = [1000 * (b - one.came - a) for one in log for a, b in zip(one.at, one.sent, strict=True)]
    within = WITHIN_MS + percentiles(late)[-1]
    whole = [1000 * (one.done - one.came) for one in log]
    assert len(noted.of("inter_token_latency")) == len(gaps) == USERS * STREAMS * (TOKENS - 1)
    recorded = [meta["response_time"] for user in users for meta in user.told]
    for name, found, true in (
        ("ttft", noted.of("ttft"), ttft),
        ("inter_token_latency", noted.of("inter_token_latency"), gaps),
        ("response time", recorded, whole),
    ):
        ours, servers = percentiles(found), percentiles(true)
        print(
            f"{name} {within=:.2f}", [round(a - b, 3) for a, b in zip(ours, servers, strict=True)]
        )
        assert ours == pytest.approx(servers, abs=within), name
