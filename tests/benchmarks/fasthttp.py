"""The benchmark's locustfile: keep-alive GETs without think time."""

from locust import FastHttpUser, task


class Visitor(FastHttpUser):
    @task
    def get(self) -> None:
        self.client.get("/")
