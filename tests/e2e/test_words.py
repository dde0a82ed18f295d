"""What a locustfile prints and logs reaches who follows its run, and its log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.store.log_lines import parse_line
from tests.support.command import Write, command, load
from tests.support.fake_host import serverless
from tests.support.project import Project

TALKATIVE = """
    import gevent
    import logging
    import sys

    def who(runner):
        return "host" if isinstance(runner, MasterRunner) else f"worker {runner.worker_index}"

    @events.init.add_listener
    def _(environment, runner, **_):
        name = who(runner)

        @events.test_start.add_listener
        def _(**_):
            print("test_start on", name)
            logging.getLogger("shop").info("a record of %s", name)

        @events.test_stop.add_listener
        def _(**_):
            print("test_stop on", name, file=sys.stderr)

        @events.quitting.add_listener
        def _(**_):
            print("quitting on", name, end="")

        @events.quit.add_listener
        def _(**_):
            print(", and quit")

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
"""


def test_host_and_workers_are_heard(project: Path, write: Write) -> None:
    """All of it on standard error, since standard output is for the document."""
    file = write(serverless(TALKATIVE))
    outcome = load(project, file, "-u", "2", "-r", "10", "-t", "2s", "--processes", "2")
    assert outcome.quiet_code == 0, outcome.stderr
    lines = outcome.stderr.splitlines()
    for name in ("host", "worker 0", "worker 1"):
        own = [line.removeprefix(f"{name} | ") for line in lines if line.startswith(f"{name} | ")]
        assert [re.sub(r"^\[.*\] \S+?/", "", line) for line in own] == [
            f"test_start on {name}",
            f"INFO/shop: a record of {name}",
            f"test_stop on {name}",
            f"quitting on {name}, and quit",
        ]
    assert not any("INFO/locust" in line or "INFO/loadtui" in line for line in lines)
    log = outcome.log.splitlines()
    assert {line.split(" : ")[0] for line in log if "INFO/locust" in line} >= {"host"}
    shown = [line.shown for line in map(parse_line, log) if line.for_people]
    assert sorted(shown) == sorted(line for line in lines if " | " in line)
    named = f"What the locustfile said: {outcome.folder.relative_to(project)}/host.log"
    assert lines.count(named) == 1


def test_with_quiet_nothing_is_said(project: Path, write: Write) -> None:
    file = write(serverless(TALKATIVE))
    outcome = load(project, file, "-q", "-u", "1", "-t", "1s")
    assert "test_start" not in outcome.stderr
    assert "test_start" in outcome.log


FLOOD = """
    @events.test_start.add_listener
    def _(environment, **_):
        print("\\x1b[31mred\\x1b[0m")

    @events.quit.add_listener
    def _(**_):
        print("SUMMARY of", os.getpid())

    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
            for number in range(100):
                print("line", number)
"""


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    made = Project(tmp_path / "project")
    yield made
    made.close()


def test_on_a_terminal_with_a_bar_and_for_who_attaches(watched: Project) -> None:
    """The bar is never in the middle of a line, and a flood does not take the terminal."""
    watched.write("locustfile.py", serverless(FLOOD))
    given = watched.follow(
        "run", "locustfile.py", "-u", "1", "-t", "60s", "--processes", "1", "--no-ui"
    )
    given.wait_for("further lines in .loadtui/runs/")
    attached = watched.follow("attach", "--no-ui")
    attached.wait_for("further lines in .loadtui/runs/")
    watched.give("stop")
    code = given.end()
    assert code in (130, 3), given.said
    attached.end()
    printed = given.printed
    assert re.fullmatch(r"((host|worker) \| .*\n)+", printed.partition("locustfile ·")[0])
    assert printed.count("worker | SUMMARY") == printed.count("host | SUMMARY") == 1
    # The terminal has what was not printed, and the bar.
    for line in re.split(r"\r\x1b\[K|\r?\n", given.said):
        assert re.match(
            r"$|[━─]*\s*\d* ?%? ?\d\d:\d\d|\.\.\. [\d ]+ further|loadtui|stopping", line
        )
    log = (watched.only_run() / "host.log").read_text()
    assert "host | \x1b[31mred\x1b[0m\n" in log


def test_a_missing_module_of_the_project_is_found(project: Path, write: Write) -> None:
    (project / "shop" / "lib").mkdir(parents=True)
    (project / "shop" / "lib" / "cart.py").touch()
    print_first = "print('reading the cart')\nfrom lib.cart import fill\n"
    for give in ("run", "check"):
        outcome = command(project, give, write(print_first))
        assert outcome.code == 2
        assert outcome.stderr.endswith(
            "loadtui: error: locustfile.py:2: the module lib is the project's own, but lib/ is not "
            "beside it: it is in shop/; give the command there, or set PYTHONPATH=shop; "
            "before that it said: reading the cart\n"
        )
