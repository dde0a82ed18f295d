"""Plugins: one beside the file that adds arguments and listeners, and those that Locust ships."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# ignored_files = ["requests.csv"]
# says = "lines"
# own = ["--check-fail-ratio", "0.1", "--iterations", "4"]
# ///

import csv
from pathlib import Path

from ending import Ending
from locust import events, task
from locust.contrib.csv_request_logger import CsvRequestLogger
from locust.contrib.fasthttp import FastHttpUser
from locust.runners import WorkerRunner
from locust_plugins import run_iterations

ending = Ending()
logger = CsvRequestLogger("requests.csv")


@events.init.add_listener
def on_init(environment, **_):
    if isinstance(environment.runner, WorkerRunner):
        logger.register(environment)


@events.quit.add_listener
def on_quit(**_):
    if logger._filehandle is None and Path("requests.csv").exists():
        with Path("requests.csv").open(newline="") as file:
            for row in csv.DictReader(file):
                print("SAYS", row["name"], row["status_code"], row["response_length"])


class Someone(FastHttpUser):
    @task
    def ask(self):
        for number in run_iterations(self.environment):
            self.client.get("/500" if number == 2 else "/ok")
        ending.done()
