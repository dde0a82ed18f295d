"""`runner.quit()` in a task, while another user waits: all are stopped, with code 0."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "4s"]
# differs = "a worker of Locust takes with it what it has not reported; its run ends with -t"
# ///

import gevent
import locust.runners
from locust import HttpUser, events, task

locust.runners.WORKER_REPORT_INTERVAL = 0.2
reports = []


@events.report_to_master.add_listener
def on_report(data, **_):
    reports.append(len(data.get("stats", ())))


class Someone(HttpUser):
    fixed_count = 1

    @task
    def ask(self):
        for _ in range(3):
            self.client.get("/ok")
        reports.clear()
        while len(reports) < 2:
            gevent.sleep(0.05)
        print("SAYS quits")
        self.environment.runner.quit()


class Waiting(HttpUser):
    @task
    def ask(self):
        self.client.get("/waiting")
        gevent.sleep(600)

    def on_stop(self):
        print("SAYS sent home")
