"""The master sends requests of its own in `test_start` and `test_stop`: set-up and tear-down."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# ///

import requests
from ending import Ending
from locust import HttpUser, events, task
from locust.clients import HttpSession
from locust.runners import MasterRunner

ending = Ending()


@events.test_start.add_listener
def on_test_start(environment, **_):
    if isinstance(environment.runner, MasterRunner):
        print("SAYS", requests.post(f"{environment.host}/set-up", json={"n": 1}).status_code)


@events.test_stop.add_listener
def on_test_stop(environment, **_):
    if isinstance(environment.runner, MasterRunner):
        session = HttpSession(
            base_url=environment.host, request_event=environment.events.request, user=None
        )
        print("SAYS", session.delete("/tear-down").text)


class Someone(HttpUser):
    @task
    def ask(self):
        self.client.get("/ok")
        ending.done()
