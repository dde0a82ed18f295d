"""What files read from responses of both clients: status, text, JSON, headers, times, URL."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# ///

from ending import Ending
from locust import FastHttpUser, HttpUser, task

ending = Ending(users=2)


class Slow(HttpUser):
    @task
    def ask(self):
        answer = self.client.get("/json?x=1", name="/json")
        print("SAYS H", answer.status_code, answer.ok, answer.reason, answer.text, answer.content)
        print("SAYS H", answer.json(), answer.headers["content-TYPE"], answer.url.split("/")[-1])
        print("SAYS H", answer.elapsed.total_seconds() > 0, answer.encoding, answer.history)
        print("SAYS H", answer.request.method, answer.request_meta["name"], bool(answer))
        missing = self.client.get("/404")
        print("SAYS H", missing.status_code, missing.ok, bool(missing), missing.text)
        gone = self.client.get("http://127.0.0.1:9/", name="gone")
        print("SAYS H", gone.status_code, gone.text, type(getattr(gone, "error", None)).__name__)
        ending.done()


class Fast(FastHttpUser):
    @task
    def ask(self):
        answer = self.client.get("/json?x=1", name="/json")
        print("SAYS F", answer.status_code, answer.ok, answer.text, answer.content, answer.json())
        print("SAYS F", answer.headers["content-TYPE"], answer.url.split("/")[-1])
        print("SAYS F", answer.request.method, bool(answer))
        missing = self.client.get("/404")
        print("SAYS F", missing.status_code, missing.ok, missing.text)
        gone = self.client.get("http://127.0.0.1:9/", name="gone")
        print("SAYS F", gone.status_code, gone.text, type(getattr(gone, "error", None)).__name__)
        ending.done()
