"""Draws an id and posts test data at import, once: master and workers have the same id."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# server = "lines"
# differs = "the id is another one in each run, so only method and path are compared"
# ///

import os
import uuid
from pathlib import Path

import requests
from ending import Ending
from locust import HttpUser, events, task
from locust.runners import MasterRunner

RUN_ID = uuid.uuid4().hex
created = requests.post(f"{os.environ['SERVER']}/create-data", json={"run": RUN_ID}, timeout=10)
print("SAYS created", created.status_code)
with Path("imports.txt").open("a") as file:
    file.write("imported\n")
ending = Ending()


@events.report_to_master.add_listener
def on_report(data, **_):
    data["run"] = RUN_ID


@events.worker_report.add_listener
def on_worker_report(data, **_):
    ids.add(data["run"])


ids = {RUN_ID}


@events.quitting.add_listener
def on_quitting(environment, **_):
    if isinstance(environment.runner, MasterRunner):
        print("SAYS ids", len(ids))


class Someone(HttpUser):
    @task
    def ask(self):
        self.client.get("/ok", headers={"X-Run": RUN_ID})
        ending.done()
