"""What public locustfiles do beside sending requests: odd events, hooks that fire events or read
statistics, requests logged by hand, shapes and run times of their own."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.support.command import Write, load
from tests.support.fake_host import notes, serverless

pytestmark = pytest.mark.thorough

ODD_EVENTS = """
    import datetime
    import decimal
    import math

    fired = {"well-formed": 0, "odd": 0}

    class Unreadable:
        def __str__(self):
            raise ValueError("no")

        __repr__ = __str__

    ODD = [
        {"response_time": decimal.Decimal("8.5")}, {"response_time": math.nan},
        {"response_time": "7"}, {"response_time": 10**300}, {"response_time": -4},
        {"response_length": "many"}, {"response_length": 10**300}, {"response_length": -math.inf},
        {"exception": Unreadable()}, {"exception": ValueError}, {"exception": {"code": 5}},
        {"name": Unreadable()}, {"name": ["no", "key"]}, {"name": chr(0xD83D)},
        {"name": "x" * 8_000}, {"request_type": b"GET"},
        {"start_time": time.time() * 1000}, {"start_time": str(time.time())},
        {"start_time": datetime.datetime.now()}, {"start_time": 10**300},
        {"start_time": time.perf_counter()}, {"start_time": math.inf}, {"more": Unreadable()},
    ]

    class Someone(ServerlessUser):
        @task
        def odd(self):
            request = self.environment.events.request
            good = {"request_type": "A", "name": "well-formed", "response_time": 5,
                    "response_length": 3, "exception": None, "context": {}}
            request.fire(**good)
            fired["well-formed"] += 1
            for number, event in enumerate(ODD):
                try:
                    request.fire(**{**good, "name": f"odd {number}", **event})
                except Exception as error:
                    note(f"raised {error!r}")
                fired["odd"] += 1

    @events.test_stop.add_listener
    def _(environment, **_):
        if isinstance(environment.runner, WorkerRunner):
            note(f"{fired['well-formed']} {fired['odd']}")
"""


def test_odd_events_raise_nothing_and_are_counted(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(ODD_EVENTS)), "-u", "2", "-r", "10", "-t", "3s")
    [counted] = notes(project)
    well_formed, odd = (int(number) for number in counted.split())
    document, endpoints = outcome.document, outcome.endpoints()
    assert endpoints["A well-formed"]["requests"] == well_formed > 20
    assert endpoints["A well-formed"]["failures"] == 0
    assert document["totals"]["requests"] == well_formed + odd
    # Of 23 odd events in a task those are failures whose exception is true.
    assert document["totals"]["failures"] == 3 * odd // 23
    first, names = document["remarks"]
    assert "the first of A odd 1: response_time was nan" in first["text"]
    assert names["text"].startswith("names of endpoints are cut")
    assert set(outcome.run.windows().get_column("second")) <= {0, 1, 2, 3}


HOOKS = """
    def who(environment):
        return "host" if isinstance(environment.runner, MasterRunner) else "worker"

    def request(environment, name):
        environment.events.request.fire(
            request_type="X", name=f"{name} on {who(environment)}", response_time=3.0,
            response_length=1, exception=None, context={},
        )

    def log(environment, name):
        key = "L", f"{name} on {who(environment)}"
        environment.stats.log_request(*key, 4, 1)
        environment.stats.log_error(*key, "no")

    def listen(name):
        @getattr(events, name).add_listener
        def _(environment, **_):
            request(environment, name)
            log(environment, name)

    for name in ("init", "test_start", "test_stopping", "test_stop", "quitting"):
        listen(name)

    @events.test_stop.add_listener
    def summary(environment, **_):
        total = environment.stats.total
        note(f"{who(environment)}: {total.num_failures / total.num_requests > 0} "
             f"{total.min_response_time:.2f} {total.get_response_time_percentile(0.95):.2f}")

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
            log(self.environment, "hello")

        def on_stop(self):
            fire(self, "on_stop", ms=0)
"""


def test_nothing_that_hooks_record_is_lost(project: Path, write: Write) -> None:
    """Also what Locust forgets: it clears its statistics after init, and does not wait for what a
    worker's quitting listeners do.  What comes after the end of the run is kept apart."""
    file = write(serverless(HOOKS))
    outcome = load(project, file, "-u", "3", "-r", "100", "-t", "2s", "--processes", "1")
    endpoints = outcome.endpoints()
    hello = endpoints.pop("SAY hello")["requests"]
    logged = endpoints.pop("L hello on worker")
    assert logged["requests"] == logged["failures"] == hello > 20
    late = {f"{row.method} {row.name}": row for row in outcome.run.manifest.late}
    assert late["SAY on_stop"].requests == 3
    seen = Counter({name: row["requests"] for name, row in endpoints.items()})
    seen.update({name: row.requests for name, row in late.items()})
    assert seen == {
        "SAY on_stop": 3,
        **{
            f"{method} {event} on {where}": 1
            for method in "XL"
            for event in ("init", "test_start", "test_stopping", "test_stop", "quitting")
            for where in ("host", "worker")
        },
    }
    assert not outcome.document["exceptions"]
    assert sorted(notes(project)) == ["host: True 3.00 20.00", "worker: True 3.00 20.00"]


SHAPE = """
    @events.init.add_listener
    def _(environment, **_):
        time.sleep(1.5)

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")

    class Short(LoadTestShape):
        def tick(self):
            note(f"tick at {self.get_run_time():.1f}")
            return (2, 10) if self.get_run_time() < 1 else None
"""


def test_a_shape_sees_run_time_0_first(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(SHAPE)))
    first, *_, last = notes(project)
    assert first == "tick at 0.0"
    assert float(last.split()[-1]) >= 1.0
    assert outcome.document["totals"]["requests"] > 0
    assert outcome.document["ended_because"] == "the load shape is done"


OWN_RUN_TIME = """
    import gevent

    given = {}

    @events.init.add_listener
    def _(environment, **_):
        given["s"], environment.parsed_options.run_time = environment.parsed_options.run_time, None
        given["runner"] = environment.runner

    @events.spawning_complete.add_listener
    def _(user_count, **_):
        if isinstance(given["runner"], MasterRunner):
            note(given["s"])
        gevent.spawn_later(2.5, given["runner"].quit)

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
"""


def test_options_set_in_init_hold(project: Path, write: Write) -> None:
    """As public files do that count the run time from when all users have started."""
    file = write(serverless(OWN_RUN_TIME))
    outcome = load(project, file, "-u", "1", "-t", "1s", "--processes", "1")
    assert notes(project) == ["1"]
    assert outcome.document["ended_because"] == "the locustfile ended the run"
    assert outcome.document["duration_s"] >= 2.0


WHAT_HOOKS_READ = """
    import json

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
            raise ValueError("no: really")

    @events.quitting.add_listener
    def _(environment, **_):
        total = environment.stats.total
        history = environment.stats.history
        exceptions = list(environment.runner.exceptions.values())
        note(json.dumps({
            "host": isinstance(environment.runner, MasterRunner),
            "median_ms": total.get_current_response_time_percentile(0.5),
            "history": [*history[-1]] if history else [],
            "exceptions": [one["msg"] for one in exceptions],
            "run_time": environment.parsed_options.run_time,
        }))
"""


def test_hooks_read_what_locust_has_for_them(project: Path, write: Write) -> None:
    load(project, write(serverless(WHAT_HOOKS_READ)), "-u", "1", "-r", "1", "-t", "6s")
    read = {row.pop("host"): row for row in map(json.loads, notes(project))}
    host, worker = read[True], read[False]
    assert {"current_rps", "user_count", "response_time_percentile_0.95"} <= {*host["history"]}
    assert host["exceptions"] == ["no: really"]
    assert (host["run_time"], worker["run_time"]) == (6, None)
    assert host["median_ms"] == worker["median_ms"] == 20
