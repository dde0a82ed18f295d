"""Nested TaskSets, sequential ones too: parents, interrupt, on_start and on_stop of each."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# ///

from ending import Ending
from locust import HttpUser, SequentialTaskSet, TaskSet, constant, task

ending = Ending()


class Basket(SequentialTaskSet):
    def on_start(self):
        print("SAYS basket starts", type(self.parent).__name__, type(self.user).__name__)
        self.client.get("/basket")

    @task
    def first(self):
        self.client.get("/basket/first")

    @task(3)
    def second(self):
        self.client.get("/basket/second")

    @task
    class Payment(TaskSet):
        @task
        def pay(self):
            self.client.post("/pay", data="1")
            self.interrupt()

    @task
    def last(self):
        self.client.get("/basket/last")
        self.interrupt(reschedule=False)

    def on_stop(self):
        print("SAYS basket stops")
        self.client.get("/basket/left")


class Shop(TaskSet):
    tasks = [Basket]
    visits = 0

    def on_start(self):
        print("SAYS shop starts", self.user is self.parent)

    def wait_time(self):
        self.visits += 1
        print("SAYS visits", self.visits)
        if self.visits == 2:
            ending.done()
        return 0

    def on_stop(self):
        print("SAYS shop stops")


class Someone(HttpUser):
    wait_time = constant(0)
    tasks = {Shop: 1}
