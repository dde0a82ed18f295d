"""A stepped shape, over when it says None; -u, -r and -t beside it change nothing."""

# /// conformance
# options = ["-u", "9", "-r", "9", "-t", "1s"]
# ///

from locust import HttpUser, LoadTestShape, constant, events, task


class Someone(HttpUser):
    wait_time = constant(600)

    @task
    def ask(self):
        self.client.get("/ok")


class Steps(LoadTestShape):
    stages = ((1, 2, 100), (2, 5, 100))
    ticks = 0

    def tick(self):
        self.ticks += 1
        run_time = self.get_run_time()
        if self.ticks == 1:
            print("SAYS first tick", round(run_time), self.get_current_user_count())
        for until, users, rate in self.stages:
            if run_time < until:
                return users, rate
        return None


@events.spawning_complete.add_listener
def on_spawning_complete(user_count, **_):
    print("SAYS users", user_count)
