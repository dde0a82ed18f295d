"""A required argument that is not given: no run, and the usual error of a command line."""

# /// conformance
# runs = false
# options = ["-u", "1", "-t", "2s"]
# ///

from locust import HttpUser, events, task


@events.init_command_line_parser.add_listener
def add_arguments(parser):
    parser.add_argument("--tenant", required=True)


class Someone(HttpUser):
    @task
    def ask(self):
        self.client.get("/ok")
