"""A listener of `request` may raise StopUser, as files do that stop at the first error."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# exit = "same"
# ///

from ending import Ending
from locust import FastHttpUser, constant, events, task
from locust.exception import StopUser

ending = Ending(users=2)


@events.request.add_listener
def on_request(exception, name, **_):
    if exception is not None:
        print("SAYS stopping after", name)
        ending.count()
        raise StopUser


class Someone(FastHttpUser):
    wait_time = constant(0)

    @task
    def ask(self):
        self.client.get("/ok")
        self.client.get("/503")
        print("SAYS not reached")
