"""The manual's CI hook: `process_exit_code` set in `quitting` by fail ratio and response times."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# says = "lines"
# differs = "a worker of Locust has forgotten its figures then, so only the master says why"
# always = true
# ///

import logging

from ending import Ending
from locust import HttpUser, events, task

ending = Ending()


@events.quitting.add_listener
def on_quitting(environment, **_):
    if environment.stats.total.fail_ratio > 0.01:
        logging.error("SAYS failed due to failure ratio > 1%%")
        environment.process_exit_code = 7
    elif environment.stats.total.get_response_time_percentile(0.95) > 60_000:
        environment.process_exit_code = 8
    else:
        environment.process_exit_code = 0


class Someone(HttpUser):
    @task
    def ask(self):
        for path in ("/ok", "/ok", "/ok", "/404"):
            self.client.get(path)
        ending.done()
