"""Ways in which a locustfile itself ends its run or decides about the exit code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loadtui.store.stored_run import verify_checksums
from tests.support.command import Write, command, load
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
    assert outcome.quiet_code == 7
    assert outcome.document["process_exit_code"] == 7


CODE_IN_WORDS = """
    @events.quitting.add_listener
    def _(environment, **_):
        environment.process_exit_code = "over the budget"

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
"""


def test_a_process_exit_code_that_is_a_text_means_1_in_every_process(
    project: Path, write: Write
) -> None:
    outcome = load(project, write(serverless(CODE_IN_WORDS)), "-u", "1", "-t", "1s")
    assert (outcome.quiet_code, outcome.document["process_exit_code"]) == (1, 1)
    assert "Traceback" not in outcome.stderr, "no worker fails over it"


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


STAGES = """
    locustfile = "locustfile.py"
    [[stage]]
    name = "warm"
    users = 2
    spawn_rate = 100
    duration = "30s"
    [[stage]]
    name = "peak"
    users = 6
    spawn_rate = 100
    duration = "30s"
    [[threshold]]
    check = "p95 < 2s"
"""


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (QUIT_FROM_A_USER, "the locustfile ended the run"),
        pytest.param(
            EVERYBODY_LEAVES, "all users have stopped by themselves", marks=pytest.mark.thorough
        ),
    ],
    ids=["quit", "stop-user"],
)
def test_stages_that_the_locustfile_never_gets_to_fail_the_run(
    project: Path, write: Write, text: str, because: str
) -> None:
    write(serverless(text))
    outcome = load(project, write(STAGES, "plan.toml"))
    document = outcome.document
    assert outcome.quiet_code == 1
    ended = [document[key] for key in ("state", "ended_by", "ended_because")]
    assert ended == ["finished", "locustfile", because]
    judged = [(r["check"], r["stage"], r["status"], r["reason"]) for r in document["thresholds"]]
    reason = "stage peak was never reached"
    assert ("p95 < 2s", "peak", "missing", reason) in judged
    assert ("every stage is run", "peak", "missing", reason) in judged
    [cut] = [row[3] for row in judged if row[1:3] == ("warm", "fail")]
    assert re.fullmatch(r"stage warm ended after \d+ s of 30 s", cut)
    refused = command(project, "baseline", "promote", document["run"], "--force")
    assert refused.code == 2
    assert document["invalid_reasons"] or "not all of its stages were run" in refused.stderr


RAISED = """
    def event(name, of=None):
        def add(listener):
            def called(environment=None, **more):
                if of is None or of is type(environment.runner):
                    listener()
            getattr(events, name).add_listener(called)
        return add

    def fails(text):
        raise ValueError(text)

    event("test_stopping")(lambda: fails("test_stopping"))
    event("quitting")(lambda: fails("quitting"))
    event("quit")(lambda: fails("quit"))
    event("report_to_master")(lambda: fails("report"))

    class Leaves(ServerlessUser):
        def on_stop(self):
            fire(self, "bye", ms=0)
            fails("on_stop")

        @task
        def hello(self):
            fire(self, "hello")

    class NeverWaits(ServerlessUser):
        def wait_time(self):
            fails("wait_time")

        @task
        def hello(self):
            fire(self, "hello")
"""


def test_what_user_code_raises_is_counted_wherever_it_does(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(RAISED)), "-u", "2", "-r", "10", "-t", "2s")
    document = outcome.document
    assert outcome.quiet_code == 1
    counts = {row["message"]: row["count"] for row in document["exceptions"]}
    assert counts.pop("ValueError: report") >= 1
    assert counts == {
        "ValueError: on_stop": 1,
        "ValueError: wait_time": 1,
        "ValueError: test_stopping": 2,
        "ValueError: quitting": 2,
        "ValueError: quit": 2,
    }
    assert outcome.run.manifest.totals.exceptions == sum(
        row["count"] for row in document["exceptions"]
    )
    assert verify_checksums(outcome.run) == []
    assert document["late_endpoints"] == [
        {"method": "SAY", "name": "bye", "requests": 1, "failures": 0}
    ]


EXITS = """
    import sys

    def leave(environment=None, **more):
        if environment is None or isinstance(environment.runner, {runner}):
            {call}

    events.{event}.add_listener(leave)

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
            note("sent")
"""


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("event", "runner", "call", "how"),
    [
        ("test_stop", "MasterRunner", "sys.exit(7)", "sys.exit(7)"),
        ("test_stopping", "MasterRunner", "os._exit(7)", "os._exit(7)"),
        ("quit", "MasterRunner", "sys.exit(7)", "sys.exit(7)"),
        ("test_stop", "WorkerRunner", "sys.exit(7)", "sys.exit(7)"),
        ("request", "WorkerRunner", "sys.exit(7)", "sys.exit(7)"),
    ],
)
def test_a_listener_that_exits_ends_the_run_in_order(
    project: Path, write: Write, event: str, runner: str, call: str, how: str
) -> None:
    file = write(serverless(EXITS.format(event=event, runner=runner, call=call)))
    document = load(project, file, "-u", "2", "-r", "10", "-t", "2s").document
    words = rf"{re.escape(how)} in a listener of {event}: leave at locustfile\.py:\d+"
    assert re.search(words, document["ended_because"])
    assert (document["state"], document["process_exit_code"]) == ("finished", 7)
    assert document["totals"]["requests"] == len(notes(project))
    assert document["exit_code"] in (7, 3)
    assert not any("lost" in reason for reason in document["invalid_reasons"])


KILLED = """
    class Someone(ServerlessUser):
        @task
        def hello(self):
            note("sent")
            fire(self, "hello")
            if Path("notes.txt").read_text().count("sent") > 20:
                os._exit(9)
"""


def test_a_worker_that_ends_its_process_saves_what_it_recorded(project: Path, write: Write) -> None:
    document = load(project, write(serverless(KILLED)), "-u", "1", "-t", "60s").document
    assert document["totals"]["requests"] == len(notes(project)) == 21
    words = r"its process ended with code 9 \(os\._exit\(9\) in hello at locustfile\.py:\d+\)"
    [worker] = document["workers"]
    assert re.search(words, worker["lost"])
    assert document["exit_code"] == 3


QUITS_IN_A_LISTENER = """
    @events.{event}.add_listener
    def _(environment=None, **more):
        runner = RUNNERS[0]
        if isinstance(runner, MasterRunner):
            runner.quit()

    RUNNERS = []
    events.init.add_listener(lambda runner, **_: RUNNERS.insert(0, runner))

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
"""


@pytest.mark.thorough
@pytest.mark.parametrize("event", ["worker_report", "test_stopping"])
def test_a_listener_may_quit(project: Path, write: Write, event: str) -> None:
    length = "60s" if event == "worker_report" else "2s"
    file = write(serverless(QUITS_IN_A_LISTENER.format(event=event)))
    document = load(project, file, "-u", "1", "-t", length).document
    assert document["state"] == "finished"
    assert document["duration_s"] < 30
    if event == "worker_report":
        assert document["ended_because"] == "the locustfile ended the run"


EXIT_IN_INIT = """
    import sys

    @events.init.add_listener
    def prepare(environment, **_):
        print("API_KEY is not set", file=sys.stderr)
        sys.exit(1)

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
"""


def test_a_locustfile_that_leaves_before_the_run_says_why(project: Path, write: Write) -> None:
    outcome = command(project, "run", write(serverless(EXIT_IN_INIT)), "-t", "2s", "--no-ui")
    assert outcome.code == 2
    assert "sys.exit(1) in a listener of init: prepare at locustfile.py:" in outcome.stderr
    assert outcome.stderr.rstrip().endswith("before that it said: API_KEY is not set")


STOPS_IN_A_TASK = """
    sent = []

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
            sent.append(self)
            if len(sent) >= 40:
                self.environment.runner.stop()
                sent.append("after")

    @events.quitting.add_listener
    def _(environment, **_):
        if isinstance(environment.runner, WorkerRunner):
            note(len(sent))
"""


@pytest.mark.thorough
def test_a_task_that_stops_the_runner_stops_all_users(project: Path, write: Write) -> None:
    file = write(serverless(STOPS_IN_A_TASK))
    outcome = load(project, file, "-u", "8", "-r", "100", "-t", "60s")
    assert outcome.document["ended_because"] == "all users have stopped by themselves"
    assert 40 <= outcome.document["totals"]["requests"] < 50
    [sent] = notes(project)
    assert int(sent) == outcome.document["totals"]["requests"]
