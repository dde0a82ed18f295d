"""Microseconds of CPU that a streamed token costs the load generator.

    python tests/benchmarks/token_cost.py [--users 20] [--tokens 200] [--rounds 7]

Tokens come one by one, 3 ms apart for each user, from a server in a process of its own, so that
each is a packet and a wait of its own: the dearest way there is.

ChatUser        sends the request, reads the stream, records first token and gaps
ChatStream      of that: from the bytes of a piece to the recorded gap
bare socket     a gevent socket that only receives the same bytes, the least it can cost
"""

from __future__ import annotations

import locust  # first of all, since it patches the standard library  # noqa: F401

# isort: split
import argparse
import json
import time
from collections.abc import Callable
from urllib.parse import urlparse

import gevent.pool
import gevent.socket

import harness
from loadtui.engine.worker.metric_sink import MetricSink
from loadtui.engine.worker.recorder import Recorder
from loadtui.metrics import set_sink
from loadtui.samples.remark_counts import RemarkCounts
from loadtui.users import ChatUser
from loadtui.users.chat_stream import ChatStream
from tests.support.service_users import new_user
from tests.support.token_server import CHUNK, TokenServer
from tests.support.two_clients import client

GAP_S = 0.003


def script(tokens: int) -> list[float]:
    return [GAP_S * number for number in range(1, tokens + 1)]


def through_users(url: str, users: int, tokens: int) -> Callable[[], None]:
    visitors = [new_user(ChatUser, url) for _ in range(users)]

    def visit(user: ChatUser) -> None:
        found = user.chat("hello", stream=True, at=script(tokens))
        assert found.output_tokens == tokens, found.problem

    return lambda: gevent.pool.Group().map(visit, visitors)


def through_sockets(url: str, users: int, tokens: int) -> Callable[[], None]:
    place = urlparse(url)
    body = json.dumps({"at": script(tokens)}).encode()
    request = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    connections = [
        gevent.socket.create_connection((place.hostname, place.port)) for _ in range(users)
    ]

    def visit(connection: gevent.socket.socket) -> None:
        connection.sendall(request)
        while not connection.recv(65536).endswith(b"0\r\n\r\n"):
            pass

    return lambda: gevent.pool.Group().map(visit, connections)


def through_stream(users: int, tokens: int) -> Callable[[], None]:
    def run() -> None:
        for _ in range(users):
            stream = ChatStream(time.perf_counter(), "POST /v1/chat/completions")
            for _ in range(tokens):
                stream.feed(CHUNK, time.perf_counter())

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    chosen = parser.parse_args()
    recorder = Recorder()
    recorder.begin(time.time())
    set_sink(MetricSink(recorder, RemarkCounts()))
    load = chosen.users, chosen.tokens
    with client(fast=True), TokenServer() as server:
        ways = {
            "ChatUser": through_users(server.url, *load),
            "ChatStream": through_stream(*load),
            "bare socket": through_sockets(server.url, *load),
        }
        took: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(chosen.rounds + 1):
            for name, run in ways.items():
                began = time.process_time()
                run()
                took[name].append((time.process_time() - began) / (load[0] * load[1]) * 1e6)
    print(harness.machine())
    print("microseconds of CPU a token (least - median - most)")
    for name, values in took.items():
        print(f"{name:20}  {harness.spread(values[1:]).text()}")
    more = harness.ratios(took["ChatUser"][1:], took["bare socket"][1:])
    print(f"{'ChatUser / bare':20}  {harness.spread(more).text()}")


if __name__ == "__main__":
    main()
