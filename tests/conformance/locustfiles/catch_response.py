"""catch_response in both clients: success, failure, a text, an exception, nothing said, raised."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# ///

from ending import Ending
from locust import FastHttpUser, HttpUser, task
from locust.exception import ResponseError

ending = Ending(users=2)


def ask(client, kind):
    def get(path, name):
        return client.get(path, name=f"{kind} {name}", catch_response=True)

    with get("/404", "success") as response:
        response.success()
    with get("/ok", "failure") as response:
        if response.text != "what we want":
            response.failure(f"got {response.text!r}")
    with get("/ok", "by exception") as response:
        response.failure(ValueError("an exception of one's own"))
    with get("/500", "nothing said"):
        pass
    with get("/ok", "raised inside"):
        raise ResponseError("no use")
    with get("/json", "both") as response:
        response.failure("first")
        response.success()
    with get("/json", "renamed") as response:
        response.request_meta["name"] = f"{kind} renamed later"
    with client.post("/json", data="x", name=f"{kind} by status", catch_response=True) as response:
        if response.status_code != 201:
            response.failure(response.text)
    try:
        with get("/json", "left in the middle") as response:
            assert response.json()["a"] == 2, "wrong a"
    except AssertionError as error:
        print("SAYS", kind, error)


class Slow(HttpUser):
    @task
    def ask(self):
        ask(self.client, "H")
        ending.done()


class Fast(FastHttpUser):
    @task
    def ask(self):
        ask(self.client, "F")
        ending.done()
