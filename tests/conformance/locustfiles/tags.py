"""Tags of tasks and TaskSets, chosen and excluded on the command line."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# tags = ["read", "write"]
# exclude_tags = ["slow"]
# ///

from ending import Ending
from locust import HttpUser, SequentialTaskSet, constant, tag, task

ending = Ending()


class Steps(SequentialTaskSet):
    @tag("read")
    @task
    def read(self):
        self.client.get("/read")

    @task
    def untagged(self):
        self.client.get("/untagged")

    @tag("read", "slow")
    @task
    def slow(self):
        self.client.get("/slow")

    @tag("write", "other")
    @task
    def write(self):
        self.client.post("/write", data="x")

    @tag("read")
    @task
    def last(self):
        print("SAYS", self.user.environment.parsed_options.tags)
        ending.done()


class Someone(HttpUser):
    wait_time = constant(0)
    tasks = [Steps]
