"""FastHttpUser: all methods, with parameters, headers, JSON, forms, bytes, authentication."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# ///

from ending import Ending
from locust import FastHttpUser, task

ending = Ending()


class Someone(FastHttpUser):
    default_headers = {"X-Suite": "conformance"}
    connection_timeout = 10.0
    network_timeout = 10.0
    max_redirects = 3
    concurrency = 4

    @task
    def ask(self):
        client = self.client
        client.get("/search", params={"q": "a b", "page": 2})
        client.post("/json", json={"name": "ä", "list": [1, None]})
        client.post("/form", data={"a": "1", "b": "x y"})
        client.put("/bytes", data=b"\x00\x01", headers={"Content-Type": "application/x-own"})
        client.patch("/text", "plain text")
        client.delete("/item/7")
        client.head("/head")
        client.options("/ok")
        client.request("GET", "/ok", auth=("anna", "secret"))
        client.get(f"{self.host}/absolute?x=1")
        client.get("/ok", name="named", context={"a": 1})
        ending.done()
