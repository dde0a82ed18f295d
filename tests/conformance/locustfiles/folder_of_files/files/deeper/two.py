"""A file further below."""

from locust import HttpUser, task
from one import ending


class Two(HttpUser):
    @task
    def ask(self):
        self.client.get("/two")
        ending.done()
