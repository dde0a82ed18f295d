"""Whatever a worker says, and whatever its clock does, the run is what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Write, load
from tests.support.fake_host import notes, serverless

ODD_WORDS = """
    import psutil
    from locust.rpc import Message
    from loadtui.engine import protocol
    from loadtui.samples.delta import Delta, encode_delta

    ODD = [
        ("locustfile", {"version": "2.47.0"}), ("locustfile", None), ("heartbeat", None),
        ("heartbeat", {"state": []}), ("stats", None), ("spawning_complete", None),
        ("client_ready", 7), ("logs", 3), ("exception", None), ("no such type", {}),
        (protocol.HELLO, None), (protocol.DELTA, b"no delta"), (protocol.DELTA, {}),
        (protocol.EXIT, {}), (protocol.DELTA, encode_delta(Delta(7, 90, 10**6))),
        (protocol.DELTA, encode_delta(Delta(65535, 90, 10**6, [], [0, 1, 0, 100, 10**6]))),
    ]

    def answered(environment, msg, **_):
        note("answered")

    @events.init.add_listener
    def prepare(environment, runner, **_):
        if isinstance(runner, WorkerRunner):
            runner.register_message("locustfile", answered)

    @events.test_start.add_listener
    def begin(environment, **_):
        runner = environment.runner
        note(f"listens {[c.laddr.port for c in psutil.Process().net_connections('inet')]}")
        if isinstance(runner, WorkerRunner):
            for kind, data in ODD:
                runner.client.send(Message(kind, data, runner.client_id))
            runner.client.send(Message("quit", None, "of another worker"))

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")

    @events.test_stop.add_listener
    def end(environment, **_):
        if isinstance(environment.runner, WorkerRunner):
            note(f"sent {environment.stats.total.num_requests}")
"""


def test_odd_messages_reach_no_figure(project: Path, write: Write) -> None:
    file = write(serverless(ODD_WORDS))
    outcome = load(project, file, "-u", "2", "-r", "10", "-t", "3s", "--processes", "2")
    document = outcome.document
    assert (document["state"], document["ended_because"]) == ("finished", "the run time is over")
    said = notes(project)
    sent = [int(line.split()[1]) for line in said if line.startswith("sent")]
    assert document["totals"]["requests"] == sum(sent) > 60
    assert said.count("listens []") == 3, "neither host nor workers have a TCP socket"
    assert "answered" not in said
    assert "refused to hand out the locustfile" in outcome.log
    assert "in the name of another worker" in outcome.log


STEPPED_CLOCK = """
    real = time.time
    steps = {MasterRunner: -3600, WorkerRunner: 3600}

    @events.init.add_listener
    def _(environment, runner, **_):
        [step] = [step for kind, step in steps.items() if isinstance(runner, kind)]

        def step_clock(**_):
            time.time = lambda: real() + step

        environment.events.spawning_complete.add_listener(step_clock)

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
"""
PLAN = """
    locustfile = "locustfile.py"
    [[stage]]
    users = 1
    spawn_rate = 10
    duration = "2s"
    [[stage]]
    users = 5
    spawn_rate = 10
    duration = "2s"
"""


@pytest.mark.thorough
def test_a_stepped_clock_ends_nothing(project: Path, write: Write) -> None:
    write(serverless(STEPPED_CLOCK))
    plan = write(PLAN, "stepped.toml")
    document = load(project, plan).document
    ended = document["state"], document["ended_because"]
    assert ended == ("finished", "all stages are done")
    first, second = (stage["requests"] for stage in document["stages"])
    assert second > 2 * first > 0, "users were added after the clock had been stepped back"
