"""An `init` listener changes users and run time: more of them, and `-t` counted by itself."""

# /// conformance
# options = ["-u", "1", "-r", "1", "-t", "1s"]
# ///

import gevent
from locust import HttpUser, constant, events, task
from locust.runners import MasterRunner

later = {}


@events.init.add_listener
def on_init(environment, runner, **_):
    later["run_time"], later["runner"] = environment.parsed_options.run_time, runner
    environment.parsed_options.run_time = None
    environment.parsed_options.num_users = 3
    environment.parsed_options.spawn_rate = 100


@events.spawning_complete.add_listener
def on_spawning_complete(user_count, **_):
    if isinstance(later["runner"], MasterRunner):
        print("SAYS counting from now on", user_count, later["run_time"])
        gevent.spawn_later(later["run_time"] + 0.5, later["runner"].quit)


class Someone(HttpUser):
    wait_time = constant(600)

    @task
    def ask(self):
        self.client.get("/ok")
