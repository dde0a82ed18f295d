"""The greenlet of Locust's manual that looks at the fail ratio every second, and quits the run."""

# /// conformance
# options = ["-u", "1", "-t", "60s"]
# requests = "names"
# server = "paths"
# says = "lines"
# ///

import time

import gevent
from locust import HttpUser, constant, events, task
from locust.runners import STATE_CLEANUP, STATE_STOPPED, STATE_STOPPING, WorkerRunner


def checker(environment):
    while environment.runner.state not in [STATE_STOPPING, STATE_STOPPED, STATE_CLEANUP]:
        time.sleep(0.2)
        if environment.runner.stats.total.fail_ratio > 0.2:
            print("SAYS fail ratio too high, quitting")
            environment.process_exit_code = 4
            environment.runner.quit()
            return


@events.init.add_listener
def on_init(environment, **_):
    if not isinstance(environment.runner, WorkerRunner):
        gevent.spawn(checker, environment)


class Someone(HttpUser):
    wait_time = constant(0.1)

    @task
    def ask(self):
        self.client.get("/500")
