"""Figures of one's own travel in `report_to_master` and are added up in `worker_report`."""

# /// conformance
# options = ["-u", "3", "-r", "100", "-t", "30s"]
# ///

from ending import Ending
from locust import HttpUser, events, task
from locust.runners import MasterRunner

stats = {"bytes": 0}


@events.request.add_listener
def on_request(response_length, **_):
    stats["bytes"] += response_length


@events.report_to_master.add_listener
def on_report(client_id, data):
    data["bytes"] = stats["bytes"]
    stats["bytes"] = 0


@events.worker_report.add_listener
def on_worker_report(client_id, data):
    stats["bytes"] += data["bytes"]


@events.quitting.add_listener
def on_quitting(environment, **_):
    if isinstance(environment.runner, MasterRunner):
        print("SAYS bytes", stats["bytes"])


ending = Ending(users=3)


class Someone(HttpUser):
    @task
    def ask(self):
        for _ in range(4):
            self.client.get("/0123456789")
        ending.done()
