"""Load of a random shape: flat out or paced, with failures, by so many users and workers."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from textwrap import dedent

LOCUSTFILE = """
    import itertools
    import os
    import random
    import time

    from locust import FastHttpUser, HttpUser, constant, events
    from locust.runners import MasterRunner, WorkerRunner

    NUMBERS = itertools.count()
    ANEW = {{"Connection": "close"}} if {anew} else {{}}

    def headers():
        return {{"Request-Id": f"{{os.getpid()}}-{{next(NUMBERS)}}", **ANEW}}

    def after():
        pass

    def get(user):
        user.client.get("/", headers=headers())
        after()

    def fail(user):
        user.client.get("/500", headers=headers())

    def look(user):
        with user.client.get("/404", headers=headers(), catch_response=True) as response:
            if response.status_code:
                response.success()

    def judge(user):
        with user.client.get("/", headers=headers(), catch_response=True) as response:
            if response.status_code:
                response.failure("as said")

    TASKS = {{get: {well}, fail: 1, look: 1, judge: 1}}
"""
FAST = """
    class Fast(FastHttpUser):
        tasks = TASKS
        wait_time = constant({wait_s})
"""
PLAIN = """
    class Plain(HttpUser):
        tasks = TASKS
        wait_time = constant({wait_s})
"""


@dataclass(frozen=True)
class RandomLoad:
    """What one run is made with."""

    text: str
    """Of its locustfile."""
    users: int
    workers: int
    options: tuple[str, ...]
    moment_s: float
    """After the first request, until something happens to the run."""

    def __str__(self) -> str:
        return f"{self.users} users, {self.workers} workers {' '.join(self.options)}".strip()


def random_load(
    random: Random, *, workers: int | None = None, anew: bool = False, more: str = ""
) -> RandomLoad:
    """Another one for each state of `random`.

    `anew`: each request opens a connection; `more`: what the locustfile ends with.
    """
    wait_s = random.choice((0.0, 0.0, 0.01, 0.05))
    classes = random.choice((FAST, PLAIN, FAST + PLAIN))
    text = LOCUSTFILE.format(anew=anew, well=random.randint(1, 20))
    classes = classes.format(wait_s=wait_s)
    return RandomLoad(
        text=dedent(text) + dedent(classes) + dedent(more),
        users=random.randint(2, 12),
        workers=workers or random.randint(1, 2),
        options=("--stock-http",) if random.random() < 0.25 else (),
        moment_s=random.uniform(0.1, 1.3),
    )
