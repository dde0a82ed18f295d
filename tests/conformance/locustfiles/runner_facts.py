"""What hooks read from the runner: user counts, target, classes, state, index, its kind."""

# /// conformance
# options = ["-u", "4", "-r", "100", "-t", "30s"]
# ///

from ending import Ending
from locust import FastHttpUser, HttpUser, events, task
from locust.runners import DistributedRunner, MasterRunner, WorkerRunner
from locust.runners import LocalRunner as Alone

ending = Ending(users=4)


@events.spawning_complete.add_listener
def on_spawning_complete(user_count, **_):
    runner = ending.facts
    if isinstance(runner, MasterRunner):
        print("SAYS master", user_count, runner.target_user_count, runner.worker_count)
        print("SAYS classes", [c.__name__ for c in runner.user_classes])
        print("SAYS target", dict(runner.target_user_classes_count), runner.spawn_rate)


@events.init.add_listener
def on_init(environment, runner, **_):
    ending.facts = runner
    kinds = (MasterRunner, WorkerRunner, Alone, DistributedRunner)
    print("SAYS", [isinstance(runner, kind) for kind in kinds], runner.state)


@events.test_start.add_listener
def on_test_start(environment, **_):
    runner = environment.runner
    if isinstance(runner, WorkerRunner):
        print("SAYS worker", runner.worker_index, runner.user_count, environment.host is not None)


@events.quitting.add_listener
def on_quitting(environment, **_):
    if isinstance(environment.runner, WorkerRunner):
        print("SAYS at the end", environment.runner.state, environment.runner.user_count)


class Someone(HttpUser):
    @task
    def ask(self):
        self.client.get("/ok")
        ending.done()


class Another(FastHttpUser):
    @task
    def ask(self):
        self.client.get("/json")
        ending.done()
