"""Both clients follow redirects as told and send the cookies that they were given."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# ///

from ending import Ending
from locust import FastHttpUser, HttpUser, task

ending = Ending(users=2)


class Slow(HttpUser):
    @task
    def ask(self):
        answer = self.client.get("/moved-twice")
        print("SAYS H", answer.status_code, len(answer.history), answer.url.split("/")[-1])
        answer = self.client.get("/moved", allow_redirects=False, name="not followed")
        print("SAYS H", answer.status_code, answer.headers["Location"])
        self.client.post("/moved", data="x", name="posted")
        self.client.get("/moved-to-error")
        answer = self.client.post("/login", data={"user": "anna"})
        self.client.headers["Authorization"] = "Bearer " + answer.headers["X-Token"]
        print("SAYS H", self.client.cookies.get("session"), answer.cookies["session"])
        self.client.get("/ok")
        self.client.get("/ok", cookies={"more": "1"}, name="more cookies")
        self.client.cookies.clear()
        self.client.get("/ok", name="cookies cleared")
        ending.done()


class Fast(FastHttpUser):
    @task
    def ask(self):
        answer = self.client.get("/moved-twice")
        print("SAYS F", answer.status_code, answer.url.split("/")[-1])
        answer = self.client.get("/moved", allow_redirects=False, name="not followed")
        print("SAYS F", answer.status_code, answer.headers["Location"])
        self.client.post("/moved", data="x", name="posted")
        self.client.get("/moved-to-error")
        self.client.post("/login", data={"user": "anna"})
        print("SAYS F", [cookie.value for cookie in self.client.cookiejar])
        self.client.get("/ok")
        self.client.cookiejar.clear()
        self.client.get("/ok", name="cookies cleared")
        ending.done()
