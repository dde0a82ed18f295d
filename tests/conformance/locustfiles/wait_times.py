"""Kinds of wait_time: constant, between, pacing, throughput, poisson, method, lambda, none."""

# /// conformance
# options = ["-u", "8", "-r", "100", "-t", "60s"]
# ///

import time

from ending import Ending
from locust import (
    FastHttpUser,
    between,
    constant,
    constant_pacing,
    constant_throughput,
    poisson,
    task,
)

ending = Ending(users=8)


class Base(FastHttpUser):
    abstract = True
    asked = 0
    began = 0.0
    least = 0.0

    @task
    def ask(self):
        name = type(self).__name__
        self.began = self.began or time.monotonic()
        time.sleep(0.02)
        self.client.get(f"/{name}")
        self.asked += 1
        if self.asked == 4:
            print("SAYS", name, "waited", time.monotonic() - self.began >= self.least)
            ending.done()


class Constant(Base):
    wait_time = constant(0.1)
    least = 0.3


class Between(Base):
    wait_time = between(0.05, 0.1)
    least = 0.15


class Pacing(Base):
    wait_time = constant_pacing(0.2)
    least = 0.55


class Throughput(Base):
    wait_time = constant_throughput(5)
    least = 0.55


class Poisson(Base):
    wait_time = poisson(20)


class ByMethod(Base):
    least = 0.15

    def wait_time(self):
        return 0.05 * (1 + self.asked % 2)


class ByLambda(Base):
    wait_time = lambda self: 0.05
    least = 0.15


class Without(Base):
    pass
