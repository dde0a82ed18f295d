"""A locustfile's event listeners are told what Locust tells them, where and when it does."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.command import Write, load
from tests.support.fake_host import notes, notes_by_process, serverless
from tests.support.servers import Nginx

EVERY_EVENT = """
    def where(runner):
        return "host" if isinstance(runner, MasterRunner) else "worker"

    @events.init.add_listener
    def _(environment, runner, **_):
        note(f"init on {where(runner)}")

    @events.test_start.add_listener
    def _(environment, **_):
        note("test_start")

    @events.spawning_complete.add_listener
    def _(user_count, **_):
        note(f"spawning_complete {user_count}")

    @events.test_stopping.add_listener
    def _(environment, **_):
        note("test_stopping")

    @events.test_stop.add_listener
    def _(environment, **_):
        note("test_stop")

    @events.quitting.add_listener
    def _(environment, **_):
        note("quitting")

    @events.quit.add_listener
    def _(exit_code, **_):
        note(f"quit {exit_code}")

    @events.worker_connect.add_listener
    def _(client_id, **_):
        note("worker_connect")

    class Someone(ServerlessUser):
        def on_start(self):
            note("on_start")

        def on_stop(self):
            note("on_stop")

        @task
        def hello(self):
            fire(self, "hello")
"""


def test_events_fire_on_host_and_workers_as_with_locust(project: Path, write: Write) -> None:
    """The expected sequences are those of `locust --headless --processes 2`."""
    file = write(serverless(EVERY_EVENT))
    outcome = load(project, file, "-u", "3", "-r", "100", "-t", "2s", "--processes", "2")
    assert outcome.quiet_code == 0
    start = ["test_start"]
    end = ["test_stop", "quitting", "quit 0"]
    by_process = notes_by_process(project)
    host = [seen for seen in by_process.values() if seen[0] == "init on host"]
    host[0][-1] = "quit 0" if host[0][-1] == f"quit {outcome.code}" else host[0][-1]
    connected = ["worker_connect", "worker_connect"]
    assert host == [
        ["init on host", *connected, *start, "spawning_complete 3", "test_stopping", *end]
    ]
    workers = [seen for seen in by_process.values() if seen[0] == "init on worker"]
    for seen in workers:  # a message from the host, which may come while users start
        complete = seen.index("spawning_complete 3")
        assert seen.index("test_start") < complete < seen.index("test_stopping")
        seen.pop(complete)
    assert sorted(workers, key=len) == [
        [
            "init on worker",
            *start,
            *["on_start"] * users,
            "test_stopping",
            *["on_stop"] * users,
            *end,
        ]
        for users in (1, 2)
    ]


STATS_AT_TEST_STOP = """
    import json

    def row(entry):
        return {
            "requests": entry.num_requests,
            "failures": entry.num_failures,
            "bytes": entry.total_content_length,
            "mean_ms": entry.avg_response_time,
            "max_ms": entry.max_response_time,
            "median_ms": entry.median_response_time,
            "none": entry.num_none_requests,
        }

    @events.test_stop.add_listener
    def _(environment, **_):
        if not isinstance(environment.runner, MasterRunner):
            return
        stats = environment.stats
        Path("stats.json").write_text(json.dumps({
            "total": row(stats.total),
            "endpoints": {f"{e.method} {e.name}": row(e) for e in stats.entries.values()},
            "errors": {f"{e.method} {e.name}": e.occurrences for e in stats.errors.values()},
            "same": environment.runner.stats is stats,
        }))

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello", ms=12.0, size=100)

        @task
        def broken(self):
            fire(self, "broken", method="POST", ms=40.0, size=7, error=ValueError("no"))

        @task
        def untimed(self):
            fire(self, "untimed", ms=None)
"""


def test_the_hosts_statistics_are_those_of_the_run(project: Path, write: Write) -> None:
    file = write(serverless(STATS_AT_TEST_STOP))
    outcome = load(project, file, "-u", "8", "-r", "100", "-t", "2s", "--processes", "2")
    assert outcome.quiet_code == 1, "an endpoint that always fails fails the run"
    stats = json.loads((project / "stats.json").read_text())
    document, endpoints = outcome.document, outcome.endpoints()
    assert stats["same"]
    for found, row in [
        (stats["total"], document["totals"]),
        *((stats["endpoints"][name], endpoints[name]) for name in endpoints),
    ]:
        assert found["requests"] == row["requests"] > 0
        assert found["failures"] == row["failures"]
        assert found["bytes"] == row["bytes"]
        assert found["max_ms"] == (row["max_ms"] or 0)
    assert set(stats["endpoints"]) == {"SAY hello", "POST broken", "SAY untimed"}
    assert stats["endpoints"]["SAY hello"]["median_ms"] == 12
    assert stats["endpoints"]["SAY hello"]["mean_ms"] == 12
    assert endpoints["SAY hello"]["p50_ms"] is not None
    assert stats["endpoints"]["SAY untimed"]["none"] == endpoints["SAY untimed"]["requests"]
    assert endpoints["SAY untimed"]["p50_ms"] is None
    broken = endpoints["POST broken"]["failures"]
    assert stats["errors"] == {"POST broken": broken}
    [error] = document["errors"]
    assert (error["method"], error["name"], error["count"]) == ("POST", "broken", broken)
    assert "no" in error["message"]


LISTENERS = """
    @events.request.add_listener
    def _(request_type, name, response_time, response_length, exception, context, **more):
        note(f"{request_type} {name} {response_time} {response_length} {exception!r} {context} "
             f"{sorted(more)}")

    class Someone(ServerlessUser):
        def context(self):
            return {"who": "me"}

        @task
        def once(self):
            fire(self, "hello", error=KeyError("k"), start_time=time.time(), url="/x")
            raise StopUser
"""


def test_request_listeners_get_locusts_arguments(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(LISTENERS)), "-u", "1", "-t", "2s")
    assert outcome.document["totals"]["requests"] == 1
    assert notes(project) == ["SAY hello 20.0 2 KeyError('k') {'who': 'me'} ['start_time', 'url']"]


REAL_REQUEST = """
    import locust

    @events.request.add_listener
    def _(request_type, name, response_time, response_length, response, context, exception,
          start_time, url, **more):
        assert response_time > 0 and abs(start_time - time.time()) < 10
        note(f"{request_type} {name} {response_length} {response.status_code} "
             f"{exception is None} {url.endswith('/404?a=1')}")

    class Plain(locust.HttpUser):
        @task
        def once(self):
            self.client.get("/404?a=1", name="missing")
            raise StopUser

    class Fast(locust.FastHttpUser):
        @task
        def once(self):
            self.client.get("/404?a=1", name="missing")
            raise StopUser
"""


def test_request_listeners_get_the_response(project: Path, write: Write, nginx: Nginx) -> None:
    file = write(serverless(REAL_REQUEST))
    load(project, file, "-u", "2", "-r", "10", "-t", "2s", "-H", nginx.url)
    assert notes(project) == ["GET missing 3 404 False True"] * 2


MESSAGES = """
    @events.init.add_listener
    def _(environment, runner, **_):
        if isinstance(runner, MasterRunner):
            runner.register_message("thanks", lambda environment, msg, **_: note(f"got {msg.data}"))
        else:
            runner.register_message("work", on_work)

    def on_work(environment, msg, **_):
        note(f"worker {environment.runner.worker_index} got {msg.data}")
        environment.runner.send_message("thanks", {"from": environment.runner.worker_index})

    @events.test_start.add_listener
    def _(environment, **_):
        if isinstance(environment.runner, MasterRunner):
            for index, client in enumerate(environment.runner.clients):
                environment.runner.send_message("work", {"part": index}, client)

    @events.report_to_master.add_listener
    def _(client_id, data):
        data["secret"] = 42

    @events.worker_report.add_listener
    def _(client_id, data):
        note(f"report {data['secret']}")

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, f"worker {self.environment.runner.worker_index}")
"""


def test_messages_between_host_and_workers(project: Path, write: Write) -> None:
    file = write(serverless(MESSAGES))
    outcome = load(project, file, "-u", "4", "-r", "100", "-t", "2s", "--processes", "2")
    assert outcome.quiet_code == 0
    assert set(outcome.endpoints()) == {"SAY worker 0", "SAY worker 1"}
    said = notes(project)
    assert sorted(line for line in said if line.startswith("got")) == [
        "got {'from': 0}",
        "got {'from': 1}",
    ]
    got = sorted(line for line in said if line.startswith("worker"))
    assert {line[-len("{'part': 0}") :] for line in got} == {"{'part': 0}", "{'part': 1}"}
    assert [line[: len("worker 0")] for line in got] == ["worker 0", "worker 1"]
    assert "report 42" in said


LISTENER_RAISES = """
    @events.test_start.add_listener
    def _(environment, **_):
        if isinstance(environment.runner, MasterRunner):
            raise RuntimeError("on the host")

    @events.request.add_listener
    def _(**_):
        raise LookupError("in a worker")

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
"""


def test_listeners_that_raise_are_told_of_and_lose_no_request(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(LISTENER_RAISES)), "-u", "2", "-r", "10", "-t", "2s")
    document = outcome.document
    assert outcome.quiet_code == 1
    said = {one["message"]: one["count"] for one in document["exceptions"]}
    assert said["RuntimeError: on the host"] == 1
    assert said["LookupError: in a worker"] == document["totals"]["requests"] > 20


USER_ERROR = """
    @events.user_error.add_listener
    def _(user_instance, exception, tb, **_):
        note(f"{user_instance.user.__class__.__name__} {exception!r} {tb is not None}")

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
            if not hasattr(self, "raised"):
                self.raised = True
                raise RuntimeError("oops")
"""


def test_user_error_is_fired_and_kept(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(USER_ERROR)), "-u", "2", "-r", "10", "-t", "2s")
    assert outcome.quiet_code == 1
    assert notes(project) == ["Someone RuntimeError('oops') True"] * 2
    [exception] = outcome.document["exceptions"]
    assert (exception["message"], exception["count"]) == ("RuntimeError: oops", 2)
    assert "in hello" in exception["traceback"]
    assert outcome.document["totals"]["requests"] > 20, "the users went on"


BY_HAND = """
    class Someone(ServerlessUser):
        @task
        def odd(self):
            request = self.environment.events.request
            more = {"response_length": 0, "exception": None, "context": {}}
            request.fire(request_type="A", name="no start", response_time=5, **more)
            request.fire(request_type="A", name="no time", response_time=None, **more)
            request.fire(request_type="", name="only a name", response_time=1, **more)
            request.fire(request_type=None, name=17, response_time=1, **more)
            request.fire(request_type="A", name="no length", response_time=1, exception=None)
            raise StopUser
"""


def test_requests_fired_by_hand_are_all_counted(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(BY_HAND)), "-u", "1", "-t", "2s")
    endpoints = outcome.endpoints()
    assert {name.strip() for name in endpoints} == {
        "A no start",
        "A no time",
        "only a name",
        "17",
        "A no length",
    }
    assert outcome.document["totals"]["requests"] == 5
    assert endpoints["A no time"]["max_ms"] is None
    assert endpoints["A no start"]["max_ms"] == 5
