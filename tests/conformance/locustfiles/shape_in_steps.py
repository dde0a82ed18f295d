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
    steps = [2, 5]
    ticks = 0

    def tick(self):
        self.ticks += 1
        if self.ticks == 1:
            print("SAYS first tick", round(self.get_run_time()), self.get_current_user_count())
        elif self.get_current_user_count() == self.steps[0]:
            self.steps.pop(0)  # however long the machine took
        return (self.steps[0], 100) if self.steps else None


@events.spawning_complete.add_listener
def on_spawning_complete(user_count, **_):
    print("SAYS users", user_count)
