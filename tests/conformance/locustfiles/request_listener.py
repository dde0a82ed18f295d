"""A listener of `request` is told name, size, context, response and exception of each request."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# ///

from ending import Ending
from locust import HttpUser, events, task

ending = Ending()


@events.request.add_listener
def on_request(
    request_type, name, response_time, response_length, response, context, exception,
    start_time, url, **more,
):  # fmt: skip
    path = url.rpartition("/")[2]
    print(
        f"SAYS {request_type} {name} {response_length} {response.status_code} {context} "
        f"{type(exception).__name__} {type(response_time).__name__} {type(start_time).__name__} "
        f"{path} {sorted(more)}"
    )


class Someone(HttpUser):
    def context(self):
        return {"user": "anna"}

    @task
    def ask(self):
        self.client.get("/ok")
        self.client.post("/json", json={"a": 1}, context={"step": 2}, name="named")
        self.client.get("/500")
        self.client.get("/moved")
        with self.client.get("/404", catch_response=True) as response:
            response.success()
        with self.client.get("/ok", name="refused", catch_response=True) as response:
            response.failure("not what we want")
        ending.done()
