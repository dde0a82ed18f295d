"""on_start and on_stop, StopUser, RescheduleTask and InterruptTaskSet, and users that stay."""

# /// conformance
# options = ["-u", "4", "-r", "100", "-t", "2s"]
# ///

from locust import HttpUser, TaskSet, constant, task
from locust.exception import (
    InterruptTaskSet,
    RescheduleTask,
    RescheduleTaskImmediately,
    StopUser,
)


class Base(HttpUser):
    abstract = True
    wait_time = constant(0)
    asked = 0

    def on_start(self):
        self.client.post("/login", data={"user": type(self).__name__}, name="/login")

    def on_stop(self):
        print("SAYS", type(self).__name__, "leaves")
        self.client.post("/logout", data="bye")


class Stops(Base):
    @task
    def ask(self):
        self.client.get("/stops")
        raise StopUser


class StopsInWait(Base):
    def wait_time(self):
        raise StopUser

    @task
    def ask(self):
        self.client.get("/stops-in-wait")


class Reschedules(Base):
    @task
    def ask(self):
        self.asked += 1
        self.client.get("/reschedules")
        if self.asked == 1:
            raise RescheduleTask
        if self.asked == 2:
            raise RescheduleTaskImmediately
        raise StopUser


class Stays(Base):
    @task
    class Inner(TaskSet):
        visits = 0

        def on_stop(self):
            print("SAYS inner on_stop")

        @task
        def ask(self):
            Stays.Inner.visits += 1
            self.client.get("/stays")
            if Stays.Inner.visits > 2:
                import gevent

                gevent.sleep(600)
            raise InterruptTaskSet(reschedule=True)
