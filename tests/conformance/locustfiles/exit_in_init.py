"""Gives up in an `init` listener with a sentence and an exit code of its own."""

# /// conformance
# runs = false
# options = ["-u", "1", "-t", "2s"]
# says = "lines"
# exit = "fails"
# ///

import sys

from locust import HttpUser, events, task


@events.init.add_listener
def on_init(environment, **_):
    print("SAYS the test data are missing: run make data first")
    sys.exit(5)


class Someone(HttpUser):
    @task
    def ask(self):
        self.client.get("/ok")
