"""Weights of user classes, fixed_count, an abstract base and a mixin, and weights of tasks."""

# /// conformance
# options = ["-u", "9", "-r", "100", "-t", "30s"]
# requests = "shares"
# within = 0.12
# server = "paths"
# differs = "which task is next is drawn, so only shares are compared; users of each class are said"
# ///

from ending import Ending
from locust import FastHttpUser, HttpUser, events, task
from locust.runners import MasterRunner

ending = Ending(users=9)
runners = []


@events.init.add_listener
def on_init(runner, **_):
    runners.append(runner)


@events.spawning_complete.add_listener
def on_spawning_complete(**_):
    if isinstance(runners[0], MasterRunner):
        print("SAYS", sorted(runners[0].target_user_classes_count.items()))


class Cheap:
    @task(1)
    def seldom(self):
        self.client.get("/seldom")


class Base(FastHttpUser, Cheap):
    abstract = True
    asked = 0

    def wait_time(self):
        self.asked += 1
        if self.asked == 30:
            ending.done()
        return 0

    @task(3)
    def often(self):
        self.client.get("/often")


class Many(Base):
    weight = 3


class Few(Base):
    weight = 1


def by_dict(user):
    user.client.get("/by-dict")
    if user.environment.parsed_options is not None:
        ending.done()


class Admin(HttpUser):
    fixed_count = 1
    tasks = {by_dict: 5}
