"""Several files in one `-f`: one run with the users of all."""

# /// conformance
# options = ["-u", "3", "-r", "100", "-t", "30s"]
# files = ["one.py,two.py"]
# ///

from ending import Ending
from locust import HttpUser, task

ending = Ending(users=3)


class One(HttpUser):
    fixed_count = 2

    @task
    def ask(self):
        self.client.get("/one")
        ending.done()
