"""Microseconds that recording costs a request: ours against Locust's own listener.

    python tests/benchmarks/recorder_cost.py [--requests 20000] [--rounds 15]

All are given the same requests: lognormal latencies, five endpoints, 1 % failures.

Recorder.record      bins and exact sums; the fast HTTP sessions call it themselves
RequestHook.fire     the same behind Locust's `request` event, with failures by kind
Locust's listener    `events.request.fire` with the listener of its runner, as with `--headless`
"""

from __future__ import annotations

import locust  # first of all, since it patches the standard library

# isort: split
import argparse
import random
import time
from collections.abc import Callable
from typing import Any

from locust.env import Environment

import harness
from loadtui.engine.worker.failures import Failures
from loadtui.engine.worker.recorder import Recorder
from loadtui.engine.worker.request_hook import RequestHook

TAKE_EVERY = 2000
"""Requests between two shipments, as at 8000 requests a second."""


class Nobody(locust.User):
    pass


def requests(count: int) -> list[dict[str, Any]]:
    """As FastHttpSession fires them, 8000 a second."""
    draw = random.Random(1)
    began = time.time()
    return [
        {
            "request_type": "GET",
            "name": f"/{draw.randrange(5)}",
            "context": {},
            "response": None,
            "exception": ConnectionError("refused") if draw.random() < 0.01 else None,
            "start_time": began + number / 8000,
            "url": "http://127.0.0.1/",
            "response_time": draw.lognormvariate(3.0, 0.6),
            "response_length": 100,
        }
        for number in range(count)
    ]


def positional(given: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """As Recorder.record takes them."""
    names = ("request_type", "name", "start_time", "response_time", "response_length")
    return [(*(one[name] for name in names), one["exception"] is None) for one in given]


def recorder_alone(given: list[dict[str, Any]]) -> Callable[[], None]:
    recorder = Recorder()
    recorder.begin(time.time())
    record = recorder.record
    rows = positional(given)

    def run() -> None:
        for number, one in enumerate(rows):
            record(*one)
            if number % TAKE_EVERY == 0:
                recorder.take()

    return run


def hook(given: list[dict[str, Any]]) -> Callable[[], None]:
    recorder, failures = Recorder(), Failures()
    recorder.begin(time.time())
    fire = RequestHook(recorder, failures).fire

    def run() -> None:
        for number, one in enumerate(given):
            fire(**one)
            if number % TAKE_EVERY == 0:
                recorder.take()
                failures.take(0.0)

    return run


def locusts_own(given: list[dict[str, Any]]) -> Callable[[], None]:
    environment = Environment(user_classes=[Nobody])
    environment.create_local_runner()
    fire = environment.events.request.fire

    def run() -> None:
        for one in given:
            fire(**one)

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    given = requests(chosen.requests)
    ways = {
        "Recorder.record": recorder_alone(given),
        "RequestHook.fire": hook(given),
        "Locust's listener": locusts_own(given),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(chosen.rounds + 1):
        for name, run in ways.items():
            began = time.process_time()
            run()
            took[name].append((time.process_time() - began) / chosen.requests * 1e6)
    print(harness.machine())
    print("microseconds of CPU a request (least - median - most)")
    for name, values in took.items():
        print(f"{name:20}  {harness.spread(values[1:]).text()}")
    saved = harness.ratios(took["Locust's listener"][1:], took["RequestHook.fire"][1:])
    print(f"{'Locust / ours':20}  {harness.spread(saved).text()}")


if __name__ == "__main__":
    main()
