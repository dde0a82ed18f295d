"""A host that is no URL, for a user that speaks something else than HTTP."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# host = false
# ///

from ending import Ending
from locust import HttpUser, User, task

ending = Ending(users=2)


class Producer(User):
    host = "broker-1:29092"

    @task
    def produce(self):
        print("SAYS", self.host, self.environment.host)
        self.environment.events.request.fire(
            request_type="KAFKA", name="produce", response_time=2, response_length=3,
            exception=None, context={},
        )  # fmt: skip
        ending.done()


class ByHttpUser(HttpUser):
    host = "broker-2:29092"

    @task
    def produce(self):
        self.environment.events.request.fire(
            request_type="KAFKA", name="by HttpUser", response_time=2, response_length=3,
            exception=None, context={},
        )  # fmt: skip
        ending.done()
