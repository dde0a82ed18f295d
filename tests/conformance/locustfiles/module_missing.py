"""Imports a module that is not there: no run, and not exit code 0."""

# /// conformance
# runs = false
# options = ["-u", "1", "-t", "2s"]
# exit = "fails"
# says = "lines"
# ///

from locust import HttpUser, task

print("SAYS reading helpers")
from helpers_that_nobody_wrote import path_of  # noqa: E402


class Someone(HttpUser):
    @task
    def ask(self):
        self.client.get(path_of("ok"))
