"""HttpUser's session as `requests` has it: hooks, adapters, auth objects, prepared requests."""

# /// conformance
# options = ["-u", "1", "-t", "30s"]
# ///

import requests
from ending import Ending
from locust import HttpUser, task
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

ending = Ending()


class Token(requests.auth.AuthBase):
    def __call__(self, request):
        request.headers["X-Signed"] = request.method + request.path_url
        return request


def note(response, *args, **kwargs):
    print("SAYS hook", response.status_code, response.request.path_url)


class Someone(HttpUser):
    def on_start(self):
        self.client.mount("http://", HTTPAdapter(max_retries=Retry(total=2, backoff_factor=0)))
        self.client.hooks["response"].append(note)
        self.client.trust_env = False
        self.client.auth = Token()
        self.client.params = {"key": "k"}

    @task
    def ask(self):
        self.client.get("/ok")
        self.client.post("/json", json={"a": 1}, hooks={"response": lambda *a, **k: note(*a, **k)})
        self.client.get("/ok", auth=("anna", "secret"), name="own auth")
        ready = self.client.prepare_request(requests.Request("PUT", f"{self.host}/ready", data="x"))
        print("SAYS sent", self.client.send(ready).text)
        ending.done()
