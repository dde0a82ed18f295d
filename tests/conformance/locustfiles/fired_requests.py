"""`request` fired by hand, `measure`, statistics logged by hand, and an event of the file's own."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# ///

from ending import Ending
from locust import User, events, task
from locust.event import EventHook

ending = Ending()
bought = EventHook()
events.bought = bought


@bought.add_listener
def on_bought(item, **_):
    print("SAYS bought", item)


class Someone(User):
    @task
    def ask(self):
        fire = self.environment.events.request.fire
        fire(request_type="WS", name="sent", response_time=5, response_length=10, exception=None,
             context={})  # fmt: skip
        events.request.fire(request_type="WS", name="global", response_time=5.25,
                            response_length=0, exception=None, context=self.context())  # fmt: skip
        fire(request_type="WS", name="without time", response_time=None, response_length=0,
             exception=None, context={})  # fmt: skip
        fire(request_type="WS", name="failed", response_time=1, response_length=0,
             exception=TimeoutError("no answer in 5 s"), context={})  # fmt: skip
        fire(request_type="WS", name="text", response_time=1, response_length=0,
             exception="just a text", context={}, response=None, extra="more")  # fmt: skip
        fire(request_type="", name="no type", response_time=1, response_length=0,
             exception=None, context={})  # fmt: skip
        fire(request_type="WS", name="no error", response_time=1, response_length=0,
             exception="", context={})  # fmt: skip
        with self.environment.events.request.measure("DB", "select") as meta:
            meta["response_length"] = 7
        with self.environment.events.request.measure("DB", "insert"):
            raise LookupError("no such table")
        with self.environment.events.request.measure("DB", "set by hand") as meta:
            meta["exception"] = "deadlock"
        stats = self.environment.stats
        for size in range(5):
            stats.log_request("OWN", "by hand", 12, size)
        stats.log_request("OWN", "broken", 3, 0)
        stats.log_error("OWN", "broken", "it failed")
        events.bought.fire(item="book")
        bought.remove_listener(on_bought)
        bought.fire(item="nobody listens")
        ending.done()
