"""How failures are told: statuses, a refused connection, a cut answer, a time limit, a bad URL."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# ///

from ending import Ending
from locust import FastHttpUser, HttpUser, task

ending = Ending(users=2)


class Slow(HttpUser):
    @task
    def ask(self):
        for path in ("/400", "/404", "/500", "/503"):
            self.client.get(path, name=f"H {path}")
        self.client.get("http://127.0.0.1:9/", name="H refused")
        self.client.get("/cut", name="H cut")
        self.client.get("/never", timeout=0.2, name="H too slow")
        self.client.get("http://nobody.invalid/", name="H no such host")
        ending.done()


class Fast(FastHttpUser):
    network_timeout = 0.2

    @task
    def ask(self):
        for path in ("/400", "/404", "/500", "/503"):
            self.client.get(path, name=f"F {path}")
        self.client.get("http://127.0.0.1:9/", name="F refused")
        self.client.get("/cut", name="F cut")
        self.client.get("/never", name="F too slow")
        self.client.get("http://nobody.invalid/", name="F no such host")
        ending.done()
