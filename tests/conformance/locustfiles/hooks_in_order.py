"""Every event of a run's life fires in the master and the worker where Locust fires it."""

# /// conformance
# options = ["-u", "2", "-r", "100", "-t", "30s"]
# always = true
# ///

from ending import Ending
from locust import HttpUser, constant, events, task
from locust.runners import MasterRunner

ending = Ending(users=2)
runners = []


def where():
    return "master" if isinstance(runners[0], MasterRunner) else "worker"


@events.init.add_listener
def on_init(environment, runner, web_ui, **_):
    runners.append(runner)
    print("SAYS init", where(), web_ui, environment.web_ui, environment.runner is runner)


@events.test_start.add_listener
def on_test_start(environment, **_):
    print("SAYS test_start", where())


@events.spawning_complete.add_listener
def on_spawning_complete(user_count, **_):
    print("SAYS spawning_complete", where(), user_count)


@events.test_stopping.add_listener
def on_test_stopping(environment, **_):
    print("SAYS test_stopping", where())


@events.test_stop.add_listener
def on_test_stop(environment, **_):
    print("SAYS test_stop", where())


@events.quitting.add_listener
def on_quitting(environment, **_):
    print("SAYS quitting", where())


@events.quit.add_listener
def on_quit(exit_code, **_):
    print("SAYS quit", where(), exit_code in (0, 3))  # 3: the machine was busy


@events.worker_connect.add_listener
def on_worker_connect(client_id, **_):
    print("SAYS worker_connect", where(), len(client_id) > 30)


class Someone(HttpUser):
    wait_time = constant(0.5)
    asked = 0

    def on_start(self):
        print("SAYS on_start")

    def on_stop(self):
        print("SAYS on_stop")

    @task
    def ask(self):
        self.client.get("/ok")
        self.asked += 1
        if self.asked == 2:
            ending.done()
