"""`environment.stats` in hooks: every figure of the run in the master, readable in a worker."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# always = true
# differs = "Locust's worker forgets what it has reported, so there only kinds of figures are said"
# ///

from ending import Ending
from locust import HttpUser, events, task
from locust.runners import MasterRunner

ending = Ending(users=2)


def tell(event, environment):
    stats = environment.stats
    if not isinstance(environment.runner, MasterRunner):
        print("SAYS worker", event, stats.total.name, stats.num_requests >= 0)
        print("SAYS worker", stats.total.avg_response_time >= 0, stats.total.fail_ratio <= 1)
        return
    print("SAYS", event, stats.num_requests, stats.num_failures, round(stats.total.fail_ratio, 3))
    print("SAYS same", environment.runner.stats is stats, environment.runner.errors is stats.errors)
    for (name, method), entry in sorted(stats.entries.items()):
        print(
            "SAYS", event, method, name, entry.num_requests, entry.num_failures,
            entry.total_content_length, entry.avg_content_length,
            0 < entry.min_response_time <= entry.median_response_time <= entry.max_response_time,
            entry.get_response_time_percentile(0.95) > 0, entry.total_rps > 0,
        )  # fmt: skip
    for error in stats.errors.values():
        print("SAYS", event, error.method, error.name, error.occurrences, error.error)
    one = stats.get("/ok", "GET")
    print("SAYS get", one.num_requests, stats.get("/500", "GET").num_failures)
    print("SAYS rows", [row["name"] for row in stats.serialize_errors().values()])
    print("SAYS total", stats.total.name, stats.total.avg_response_time > 0)


@events.test_stop.add_listener
def on_test_stop(environment, **_):
    tell("test_stop", environment)


@events.quitting.add_listener
def on_quitting(environment, **_):
    tell("quitting", environment)


class Someone(HttpUser):
    @task
    def ask(self):
        self.client.get("/ok")
        stats = self.environment.stats
        print("SAYS in a task", self.environment.runner.stats is stats, stats.num_failures)
        self.client.get("/ok")
        self.client.post("/json", data="x")
        self.client.get("/500")
        ending.done()
