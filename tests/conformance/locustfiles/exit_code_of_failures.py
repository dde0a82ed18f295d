"""No hook and a failed request: the exit code is 1, and that of `--exit-code-on-error` if given."""

# /// conformance
# options = ["-u", "1", "-t", "30s", "--exit-code-on-error", "9"]
# ///

from ending import Ending
from locust import HttpUser, task

ending = Ending()


class Someone(HttpUser):
    @task
    def ask(self):
        self.client.get("/ok")
        self.client.get("/500")
        ending.done()
