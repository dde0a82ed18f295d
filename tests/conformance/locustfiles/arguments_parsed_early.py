"""A listener of the parser that calls `parser.parse_args()` itself, to check what it was given."""

# /// conformance
# options = ["-u", "1", "-r", "3", "-t", "30s"]
# own = ["--data", "."]
# ///

import os

from ending import Ending
from locust import HttpUser, events, task

ending = Ending()


@events.init_command_line_parser.add_listener
def add_arguments(parser):
    parser.add_argument("--data", required=True)
    options = parser.parse_args()
    if not os.path.isdir(options.data):
        parser.error(f"{options.data}: no such folder")
    print("SAYS", options.data, options.num_users, options.spawn_rate, options.run_time)


class Someone(HttpUser):
    @task
    def ask(self):
        self.client.get("/ok")
        ending.done()
