"""A User with a client of its own, that fires `request` for each call, as for gRPC or XML-RPC."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# ///

import time

from ending import Ending
from locust import User, task

ending = Ending(users=2)


class Server:
    def add(self, a, b):
        return a + b

    def fail(self):
        raise ConnectionError("the far side hung up")


class Client:
    def __init__(self, request_event):
        self._server = Server()
        self._event = request_event

    def __getattr__(self, name):
        call = getattr(self._server, name)

        def wrapper(*args):
            meta = {
                "request_type": "rpc", "name": name, "start_time": time.time(),
                "response_length": 0, "exception": None, "context": None, "response": None,
            }  # fmt: skip
            began = time.perf_counter()
            try:
                meta["response"] = call(*args)
                meta["response_length"] = len(str(meta["response"]))
            except ConnectionError as error:
                meta["exception"] = error
            meta["response_time"] = (time.perf_counter() - began) * 1000
            self._event.fire(**meta)
            return meta["response"]

        return wrapper


class RpcUser(User):
    abstract = True

    def __init__(self, environment):
        super().__init__(environment)
        self.client = Client(environment.events.request)


class Someone(RpcUser):
    @task
    def ask(self):
        print("SAYS", self.client.add(2, 3))
        self.client.fail()
        ending.done()
