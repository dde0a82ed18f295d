"""Gives up at import with a sentence of its own, since a variable is not set."""

# /// conformance
# runs = false
# options = ["-u", "1", "-t", "2s"]
# exit = "fails"
# says = "lines"
# ///

import os
import sys

from locust import HttpUser, task

if "API_KEY" not in os.environ:
    print("SAYS API_KEY is not set: export API_KEY=...", file=sys.stderr)
    sys.exit(1)


class Someone(HttpUser):
    @task
    def ask(self):
        self.client.get("/ok")
