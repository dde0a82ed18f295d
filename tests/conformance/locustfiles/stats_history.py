"""`stats.history` has rows of users and rates, by settings of `locust.stats` of the file."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "2s"]
# requests = "names"
# server = "paths"
# ///

import locust.stats
from locust import HttpUser, constant, events, task
from locust.runners import MasterRunner

locust.stats.CSV_STATS_INTERVAL_SEC = 5
locust.stats.CONSOLE_STATS_INTERVAL_SEC = 60
locust.stats.HISTORY_STATS_INTERVAL_SEC = 0.5
locust.stats.PERCENTILES_TO_REPORT = [0.5, 0.9, 0.999]
locust.stats.PERCENTILES_TO_CHART = [0.5, 0.9]


@events.quitting.add_listener
def on_quitting(environment, **_):
    if isinstance(environment.runner, MasterRunner):
        rows = environment.stats.history
        print("SAYS rows", len(rows) > 1)
        print("SAYS keys", sorted(rows[-1]))
        print("SAYS types", [type(value).__name__ for _, value in sorted(rows[-1].items())])
        print("SAYS users", max(row["user_count"][1] for row in rows))
        print("SAYS columns", environment.stats.total.percentile().count("|"))


class Someone(HttpUser):
    wait_time = constant(0.1)

    @task
    def ask(self):
        self.client.get("/ok")
