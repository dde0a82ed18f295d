"""Test data handed from master to worker, and acknowledged, by messages of the locustfile's own."""

# /// conformance
# options = ["-u", "3", "-r", "100", "-t", "30s"]
# ///

from ending import Ending
from locust import HttpUser, events, task
from locust.runners import MasterRunner, WorkerRunner

ending = Ending(users=3)
names = []


def take_names(environment, msg, **_):
    names.extend(msg.data)
    environment.runner.send_message("thanks", {"got": len(msg.data)})


def on_thanks(environment, msg, **_):
    print("SAYS thanks for", msg.data["got"], msg.node_id in environment.runner.clients)


@events.init.add_listener
def on_init(environment, **_):
    if isinstance(environment.runner, WorkerRunner):
        environment.runner.register_message("names", take_names)
    else:
        environment.runner.register_message("thanks", on_thanks, concurrent=True)


@events.test_start.add_listener
def on_test_start(environment, **_):
    runner = environment.runner
    if isinstance(runner, MasterRunner):
        print("SAYS workers", runner.worker_count, len(runner.clients.ready))
        for client_id in list(runner.clients):
            runner.send_message("names", ["anna", "bert", "carl"], client_id)


class Someone(HttpUser):
    @task
    def ask(self):
        while not names:
            self._sleep(0.05)
        self.client.get("/hello", params={"name": names.pop()}, name="/hello")
        ending.done()

    def _sleep(self, seconds):
        import gevent

        gevent.sleep(seconds)
