"""A summary in `test_stop` that divides by num_requests, also where nothing was reported yet."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# says = "lines"
# differs = "a worker of Locust has forgotten its figures then, so it fails there, which is logged"
# ///

from ending import Ending
from locust import HttpUser, events, task

ending = Ending()


@events.test_stop.add_listener
def on_test_stop(environment, **_):
    total = environment.stats.total
    print(f"SAYS failure rate {total.num_failures / total.num_requests * 100:.2f} %")


class Someone(HttpUser):
    @task
    def ask(self):
        for _ in range(3):
            self.client.get("/ok")
        ending.done()
