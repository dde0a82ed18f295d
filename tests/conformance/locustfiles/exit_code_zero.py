"""`process_exit_code = 0` on purpose: the file tolerates failed requests that it has looked at."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# ///

from ending import Ending
from locust import HttpUser, events, task

ending = Ending()


@events.quitting.add_listener
def on_quitting(environment, **_):
    environment.process_exit_code = 0 if environment.stats.total.fail_ratio < 0.5 else 1


class Someone(HttpUser):
    @task
    def ask(self):
        for path in ("/ok", "/ok", "/ok", "/404"):
            self.client.get(path)
        ending.done()
