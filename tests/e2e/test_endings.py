"""Ways in which a locustfile itself ends its run or decides about the exit code."""

from __future__ import annotations

from pathlib import Path

from tests.support.command import Write, load
from tests.support.fake_host import notes, serverless

ENDINGS = """
    @events.quitting.add_listener
    def _(environment, **_):
        if isinstance(environment.runner, MasterRunner):
            assert environment.stats.total.num_requests > 0
            environment.process_exit_code = 7

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
"""


def test_a_process_exit_code_fails_the_run_and_is_told(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(ENDINGS)), "-u", "2", "-r", "10", "-t", "2s")
    assert outcome.quiet_code == 1
    assert outcome.document["process_exit_code"] == 7


QUIT_FROM_THE_HOST = """
    import gevent

    @events.init.add_listener
    def _(environment, runner, **_):
        if isinstance(runner, MasterRunner):
            gevent.spawn(quit_when_enough, runner)

    def quit_when_enough(runner):
        while runner.stats.total.num_requests < 20:
            gevent.sleep(0.1)
        runner.quit()
        note("quit returned")

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
"""


def test_runner_quit_on_the_host_ends_the_run_in_order(project: Path, write: Write) -> None:
    file = write(serverless(QUIT_FROM_THE_HOST))
    outcome = load(project, file, "-u", "4", "-r", "100", "-t", "60s")
    document = outcome.document
    assert outcome.quiet_code == 0
    assert (document["state"], document["unfinished"]) == ("finished", 0)
    assert document["ended_because"] == "the locustfile ended the run"
    assert document["totals"]["requests"] >= 20
    assert document["duration_s"] < 30
    assert notes(project) == ["quit returned"]


QUIT_FROM_A_USER = """
    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
            self.environment.runner.quit()
"""


def test_runner_quit_in_a_worker_ends_the_run(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(QUIT_FROM_A_USER)), "-u", "1", "-t", "60s")
    document = outcome.document
    assert document["totals"]["requests"] == 1
    assert document["duration_s"] < 20
    assert document["state"] == "finished"
    assert document["ended_because"]
    assert outcome.quiet_code == 0


EVERYBODY_LEAVES = """
    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
            raise StopUser
"""


def test_a_run_whose_users_have_all_stopped_ends(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(EVERYBODY_LEAVES)), "-u", "3", "-r", "10", "-t", "60s")
    document = outcome.document
    assert document["totals"]["requests"] == 3
    assert document["ended_because"] == "all users have stopped by themselves"
    assert document["duration_s"] < 20
    assert outcome.quiet_code == 0
