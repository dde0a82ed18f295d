"""A shape that names user classes: `tick` returns (users, spawn rate, classes)."""

# /// conformance
# ///

from locust import HttpUser, LoadTestShape, constant, task


class Reader(HttpUser):
    wait_time = constant(600)

    @task
    def ask(self):
        self.client.get("/read")


class Writer(HttpUser):
    wait_time = constant(600)

    @task
    def ask(self):
        self.client.post("/write", data="x")


class ByClass(LoadTestShape):
    steps = [(2, 100, [Reader]), (5, 100, [Reader, Writer])]

    def tick(self):
        if self.get_current_user_count() == self.steps[0][0]:
            self.steps.pop(0)  # however long the machine took
        return self.steps[0] if self.steps else None
