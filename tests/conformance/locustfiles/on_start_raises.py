"""A user whose `on_start` raises counts as user code that raised, and does no task."""

# /// conformance
# options = ["-u", "1", "-t", "2s"]
# requests = "names"
# server = "paths"
# says = "lines"
# differs = "how often such a user starts again is a matter of time"
# ///

from locust import HttpUser, constant, task


class Someone(HttpUser):
    wait_time = constant(0.2)

    def on_start(self):
        self.client.get("/login")
        raise RuntimeError("no account left")

    @task
    def ask(self):
        print("SAYS not reached")
        self.client.get("/ok")
