"""The other file; it imports the first, whose user is not counted twice."""

from locust import FastHttpUser, task
from one import One, ending

print("SAYS", One.__name__)


class Two(FastHttpUser):
    @task
    def ask(self):
        self.client.get("/two")
        ending.done()
