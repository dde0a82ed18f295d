"""`runner.stop()` in a task of one of several users stops them all, and the run ends with -t."""

# /// conformance
# options = ["-u", "3", "-r", "100", "-t", "4s"]
# ///

import gevent
from locust import HttpUser, constant, task


class Someone(HttpUser):
    fixed_count = 1

    @task
    def ask(self):
        self.client.get("/stopper")
        gevent.sleep(0.5)
        print("SAYS stops")
        self.environment.runner.stop()
        print("SAYS unreachable for some, reached for others")


class Waiting(HttpUser):
    wait_time = constant(600)

    @task
    def ask(self):
        self.client.get("/waiting")

    def on_stop(self):
        print("SAYS sent home")
