"""A folder of locustfiles, and two user classes of them by name."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# files = ["files"]
# classes = ["One", "Two"]
# ///

from ending import Ending
from locust import HttpUser, task

ending = Ending(users=2)


class One(HttpUser):
    @task
    def ask(self):
        self.client.get("/one")
        ending.done()


class Other(HttpUser):
    @task
    def ask(self):
        self.client.get("/other")
        ending.done()
