"""Streams: `stream=True` with lines, pieces and bytes, and FastHttpUser's `iter_lines`."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# ///

from ending import Ending
from locust import FastHttpUser, HttpUser, task

ending = Ending(users=2)


class Slow(HttpUser):
    @task
    def ask(self):
        with self.client.get("/sse", stream=True, catch_response=True, name="lines") as response:
            lines = [line for line in response.iter_lines() if line]
            response.success()
        print("SAYS H", lines)
        answer = self.client.get("/sse", stream=True, name="pieces")
        print("SAYS H", b"".join(answer.iter_content(5)))
        answer = self.client.get("/sse", stream=True, name="closed")
        print("SAYS H", next(answer.iter_content(4)))
        answer.close()
        ending.done()


class Fast(FastHttpUser):
    @task
    def ask(self):
        with self.client.get("/sse", stream=True, catch_response=True, name="read") as response:
            data = b""
            while piece := response.stream.read(7):
                data += piece
            response.success()
        print("SAYS F", data)
        print("SAYS F", list(self.client.iter_lines("/sse", name="iter_lines")))
        ending.done()
