"""A shape with `use_common_options` that reads -u, -r and -t, over an abstract shape of its own."""

# /// conformance
# options = ["-u", "4", "-r", "100", "-t", "2s"]
# ///

from locust import HttpUser, LoadTestShape, constant, task


class Someone(HttpUser):
    wait_time = constant(600)

    @task
    def ask(self):
        self.client.get("/ok")


class Base(LoadTestShape):
    abstract = True
    use_common_options = True

    def tick(self):
        options = self.runner.environment.parsed_options
        if self.get_run_time() > options.run_time:
            return None
        return self.users(options), options.spawn_rate


class Half(Base):
    def users(self, options):
        return options.num_users // 2
