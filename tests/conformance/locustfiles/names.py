"""Requests grouped by name: `name=`, `request_name`, `rename_request`, in both clients."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# ///

from ending import Ending
from locust import FastHttpUser, HttpUser, task

ending = Ending(users=2)


def ask(client, kind):
    for number in range(3):
        client.get(f"/{kind}/items/{number}", name=f"/{kind}/items/[id]")
        client.get(f"/{kind}/plain?id={number}")
    with client.rename_request(f"{kind} renamed"):
        client.get("/ok")
        client.post("/json", json=[])
    client.request_name = f"{kind} from now on"
    client.get("/ok")
    client.get("/ok", name=f"{kind} own name wins")
    client.request_name = None
    client.get("/404", name=f"{kind} {{not}} a [pattern] é")


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
