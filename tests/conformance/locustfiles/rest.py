"""`self.rest()` and `self.rest_()` of both clients: JSON, failed assertions, errors, no JSON."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# ///

from ending import Ending
from locust import FastHttpUser, HttpUser, task

ending = Ending(users=2)


def ask(user, kind):
    with user.rest("GET", "/json", name=f"{kind} good") as answer:
        print("SAYS", kind, answer.js)
    with user.rest("POST", "/json", json={"b": 1}, name=f"{kind} asserts") as answer:
        assert answer.js["a"] == 2, "a is not 2"
    with user.rest("GET", "/ok", name=f"{kind} no JSON") as answer:
        print("SAYS", kind, answer.js)
    with user.rest("GET", "/500", name=f"{kind} error"):
        pass
    with user.rest("GET", "/json", name=f"{kind} failed") as answer:
        answer.failure("not this one")
    with user.rest("GET", "/404", name=f"{kind} expected") as answer:
        if answer.status_code == 404:
            answer.success()
    with user.rest_("GET", "/json", name=f"{kind} random") as answer:
        print("SAYS", kind, answer.js)
    with user.rest("GET", "/json", name=f"{kind} key") as answer:
        print("SAYS", answer.js["missing"])
    ending.done()


class Slow(HttpUser):
    @task
    def ask(self):
        ask(self, "H")


class Fast(FastHttpUser):
    @task
    def ask(self):
        ask(self, "F")
