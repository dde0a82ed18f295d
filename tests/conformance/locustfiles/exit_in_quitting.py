"""`sys.exit(4)` in a `quitting` listener of the master, as files do that check their own goals."""

# /// conformance
# options = ["-u", "1", "-t", "2s"]
# differs = "Locust writes no figures then"
# requests = "none"
# server = "paths"
# ///

import sys

from locust import HttpUser, constant, events, task
from locust.runners import MasterRunner


@events.quitting.add_listener
def on_quitting(environment, **_):
    if isinstance(environment.runner, MasterRunner):
        print("SAYS goals missed", environment.stats.total.num_requests > 0)
        sys.exit(4)


class Someone(HttpUser):
    wait_time = constant(0.2)

    @task
    def ask(self):
        self.client.get("/ok")
