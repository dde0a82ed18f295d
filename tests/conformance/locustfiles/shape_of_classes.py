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
    steps = ((1, (2, 100, [Reader])), (2, (5, 100, [Reader, Writer])))

    def tick(self):
        run_time = self.get_run_time()
        return next((step for until, step in self.steps if run_time < until), None)
