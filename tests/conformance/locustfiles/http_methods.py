"""HttpUser: all methods, with parameters, headers, JSON, forms, bytes, authentication."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# server = "lines"
# differs = "the boundary of an upload is random, so heads and bodies are not compared"
# ///

from ending import Ending
from locust import HttpUser, task

ending = Ending()


class Someone(HttpUser):
    def on_start(self):
        self.client.headers.update({"X-Suite": "conformance"})
        self.client.verify = False

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
        client.get("")
        client.post("/upload", files={"file": ("a.txt", b"content")}, name="/upload")
        ending.done()
