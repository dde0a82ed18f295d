"""`user_error` is fired for what a task raises, and `runner.exceptions` has it on the master."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# ///

from ending import Ending
from locust import HttpUser, constant, events, task
from locust.runners import MasterRunner

ending = Ending()


@events.user_error.add_listener
def on_user_error(user_instance, exception, tb, **_):
    print("SAYS", type(user_instance).__name__, type(exception).__name__, exception, tb is not None)


@events.quitting.add_listener
def on_quitting(environment, **_):
    if isinstance(environment.runner, MasterRunner):
        for kind in environment.runner.exceptions.values():
            print(
                "SAYS", kind["count"], kind["msg"], "boom" in kind["traceback"], len(kind["nodes"])
            )


class Someone(HttpUser):
    wait_time = constant(0)
    n = 0

    @task
    def boom(self):
        self.n += 1
        self.client.get("/ok")
        if self.n == 4:
            ending.done()
        raise ValueError(f"boom {self.n % 2}")
