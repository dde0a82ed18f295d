"""The options come from locust.conf, pyproject.toml and a variable; the locustfile too."""

# /// conformance
# files = []
# host = false
# env = {LOCUST_SPAWN_RATE = "50"}
# ///

import os

from ending import Ending
from locust import HttpUser, events, task

ending = Ending()


@events.init_command_line_parser.add_listener
def add_arguments(parser):
    parser.add_argument("--tenant", default="nobody")


@events.init.add_listener
def on_init(environment, **_):
    options = environment.parsed_options
    ending.left = options.num_users
    print("SAYS", options.num_users, options.spawn_rate, options.tags, options.tenant)


class Someone(HttpUser):
    host = os.environ["SERVER"]

    @task
    def ask(self):
        self.client.get(f"/{self.environment.parsed_options.tenant}")
        ending.done()
