"""CPU time of a keep-alive GET, layer by layer, in one process and without a run around it.

    python tests/benchmarks/hot_path.py [--rounds 3] [--seconds 2]

raw socket     ten greenlets that send the same bytes and read the answer through gevent's sockets:
               what any client on gevent pays at least
fast session   FastSession.get with the recorder, without Locust's task loop
fast user      the same inside a FastHttpUser's task loop, as in a run
stock session  Locust's own FastHttpSession.get with the same recorder

Each round is a process of its own for each of them, in turn.
"""

from __future__ import annotations

import locust  # first of all, since it patches the standard library

# isort: split
import argparse
import subprocess
import sys
import time
from collections.abc import Callable

import gevent
import gevent.socket
import locust.contrib.fasthttp
from locust.env import Environment

import harness
from loadtui.engine.http.install import install
from loadtui.engine.worker.failures import Failures
from loadtui.engine.worker.in_flight import InFlight
from loadtui.engine.worker.recorder import Recorder
from loadtui.engine.worker.request_hook import RequestHook

GREENLETS = 10
WARM = 200
WAYS = ("raw socket", "fast session", "fast user", "stock session")


class Loop:
    """Counts what ten greenlets do until they are told to stop."""

    def __init__(self) -> None:
        self.count = 0
        self.going = True

    def of(self, once: Callable[[], object]) -> None:
        for _ in range(WARM):
            once()
        while self.going:
            once()
            self.count += 1


def raw(port: int, loop: Loop) -> None:
    connection = gevent.socket.create_connection(("127.0.0.1", port))
    request = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode()

    def once() -> None:
        connection.sendall(request)
        connection.recv(65536)

    loop.of(once)


def cpu_us(way: str, port: int, seconds: float) -> float:
    """CPU microseconds a request of this process."""
    url = f"http://127.0.0.1:{port}"
    recorder = Recorder()
    hook = RequestHook(recorder, Failures())
    recorder.begin(time.time())
    loop = Loop()
    if way.startswith("fast"):
        install(InFlight())
    if way == "fast user":
        environment = Environment(events=locust.events)
        environment.events.request = hook

        class Visitor(locust.contrib.fasthttp.FastHttpUser):
            host = url

            @locust.task
            def get(self) -> None:
                self.client.get("/")
                loop.count += 1

        for _ in range(GREENLETS):
            gevent.spawn(Visitor(environment).run)
    else:
        for _ in range(GREENLETS):
            if way == "raw socket":
                gevent.spawn(raw, port, loop)
            else:
                session = locust.contrib.fasthttp.FastHttpSession(url, hook, None)
                gevent.spawn(loop.of, lambda session=session: session.get("/"))
    gevent.sleep(0.5)
    count, spent = loop.count, time.process_time()
    gevent.sleep(seconds)
    return (time.process_time() - spent) / (loop.count - count) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--way", nargs=2, metavar=("WAY", "PORT"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        print(cpu_us(chosen.way[0], int(chosen.way[1]), chosen.seconds), flush=True)
        return
    took: dict[str, list[float]] = {way: [] for way in WAYS}
    with harness.nginx() as server:
        for _ in range(chosen.rounds):
            for way in WAYS:
                command = [sys.executable, __file__, "--seconds", str(chosen.seconds)]
                command += ["--way", way, str(server.port)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                took[way].append(float(done.stdout))
    print(harness.machine())
    print("CPU microseconds a request (least - median - most)")
    for way, values in took.items():
        print(f"{way:14}  {harness.spread(values).text('{:.1f}')}")


if __name__ == "__main__":
    main()
