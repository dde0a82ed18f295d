"""Options reach a locustfile from wherever Locust would take them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Write, load
from tests.support.fake_host import serverless

pytestmark = pytest.mark.thorough

OWN_ARGUMENTS = """
    @events.init_command_line_parser.add_listener
    def _(parser):
        parser.add_argument("--colour", default="red", env_var="LOCUST_COLOUR")
        parser.add_argument("--flag", action="store_true")
        parser.add_argument("--number", type=int, default=1)

    @events.init.add_listener
    def _(environment, **_):
        options = environment.parsed_options
        note(f"{options.colour} {options.flag} {options.number}")

    class Someone(ServerlessUser):
        @task
        def hello(self):
            options = self.environment.parsed_options
            fire(self, f"{options.colour} {options.flag} {options.number}")
"""


def told(project: Path) -> set[str]:
    """What all processes noted."""
    lines = (project / "notes.txt").read_text().splitlines()
    return {line.partition(" ")[2] for line in lines}


def test_the_locustfiles_own_arguments_after_a_double_dash(project: Path, write: Write) -> None:
    own = ("--colour", "dark blue", "--flag", "--number=3")
    file = write(serverless(OWN_ARGUMENTS))
    outcome = load(project, file, "-u", "1", "-t", "1s", own=own)
    assert set(outcome.endpoints()) == {"SAY dark blue True 3"}
    assert told(project) == {"dark blue True 3"}


def test_own_arguments_from_the_plan_and_the_environment(project: Path, write: Write) -> None:
    write(serverless(OWN_ARGUMENTS))
    plan = write(
        """
        locustfile = "locustfile.py"
        args = {flag = true, number = 5}
        [[stage]]
        name = "only"
        users = 1
        spawn_rate = 1
        duration = "1s"
        """,
        "plan.toml",
    )
    outcome = load(project, plan, env={"LOCUST_COLOUR": "green"})
    assert set(outcome.endpoints()) == {"SAY green True 5"}


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        (("--color", "x"), "the locustfile has no argument --color, did you mean --colour?"),
        (("--number", "many"), "invalid int value"),
    ],
)
def test_a_wrong_argument_is_refused_in_one_sentence(
    project: Path, write: Write, own: tuple[str, ...], sentence: str
) -> None:
    outcome = load(project, write(serverless(OWN_ARGUMENTS)), "-t", "1s", own=own)
    assert (outcome.code, outcome.stdout) == (2, "")
    [line] = outcome.stderr.splitlines()
    assert line.startswith("loadtui: error: ")
    assert sentence in line
    assert not list((project / ".loadtui" / "runs").iterdir()), "nothing was recorded"


TAGGED = """
    class Someone(ServerlessUser):
        @tag("a")
        @task
        def a(self):
            fire(self, "a")

        @tag("b")
        @task
        def b(self):
            fire(self, "b")

        @task
        def c(self):
            fire(self, "c")
"""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--tags", "a"), {"a"}),
        (("--tags", "a,b"), {"a", "b"}),
        (("--exclude-tags", "a"), {"b", "c"}),
        (("-T", "a", "-T", "b", "-E", "b"), {"a"}),
    ],
)
def test_tags(project: Path, write: Write, options: tuple[str, ...], expected: set[str]) -> None:
    outcome = load(project, write(serverless(TAGGED)), "-u", "8", "-r", "100", "-t", "1s", *options)
    assert set(outcome.endpoints()) == {f"SAY {name}" for name in expected}


CLASSES = """
    class First(ServerlessUser):
        @task
        def hello(self):
            fire(self, "first")

    class Second(ServerlessUser):
        @task
        def hello(self):
            fire(self, "second")

    class Third(ServerlessUser):
        weight = 0

        @task
        def hello(self):
            fire(self, "third")
"""


def test_user_classes_by_name(project: Path, write: Write) -> None:
    outcome = load(
        project, write(serverless(CLASSES)), "Second", "-u", "3", "-r", "100", "-t", "1s"
    )
    assert set(outcome.endpoints()) == {"SAY second"}


def test_an_unknown_user_class_is_refused_with_the_nearest(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(CLASSES)), "Secund", "-u", "3", "-t", "1s")
    assert outcome.code == 2
    [line] = outcome.stderr.splitlines()
    assert "Secund" in line
    assert "did you mean Second?" in line


CONFIGURED = """
    class Someone(ServerlessUser):
        @task
        def hello(self):
            options = self.environment.parsed_options
            fire(self, f"{self.environment.host} {options.num_users}")
"""


def test_locust_conf_in_the_working_directory(project: Path, write: Write) -> None:
    write(
        "users = 3\nspawn-rate = 100\nrun-time = 1s\nhost = http://conf\n"
        "locustfile: one.py, more  # both\n",
        "locust.conf",
    )
    write(serverless(CONFIGURED), "one.py")
    (project / "more").mkdir()
    other = CONFIGURED.replace("Someone", "Other").replace('f"', 'f"other ')
    write(serverless(other), "more/two.py")
    outcome = load(project)
    assert set(outcome.endpoints()) == {"SAY http://conf 3", "SAY other http://conf 3"}
    assert outcome.document["users_max"] == 3
    assert outcome.document["plan"] == "one"


def test_tool_locust_in_pyproject(project: Path, write: Write) -> None:
    write(
        '[tool.locust]\nusers = 2\nspawn-rate = 100\nrun-time = "1s"\nheadless = true\n'
        'csv = "out"\n',
        "pyproject.toml",
    )
    outcome = load(project, write(serverless(CONFIGURED)))
    assert set(outcome.endpoints()) == {"SAY None 2"}
    ignored = " ".join(outcome.document["ignored_options"])
    assert "--csv" in ignored
    assert "--headless" not in ignored
    told = "options of Locust's that have no effect here: "
    assert outcome.stderr.count(told) == 2  # when the run starts, and with its result
    assert told in outcome.log
    assert sorted(p.suffix for p in project.iterdir() if p.is_file()) == [".py", ".toml"]


def test_variables_of_locust_and_flags_before_them(project: Path, write: Write) -> None:
    variables = {
        "LOCUST_USERS": "4",
        "LOCUST_SPAWN_RATE": "100",
        "LOCUST_RUN_TIME": "1s",
        "LOCUST_HOST": "http://variable",
    }
    file = write(serverless(CONFIGURED))
    outcome = load(project, file, "-H", "http://flag", env=variables)
    assert set(outcome.endpoints()) == {"SAY http://flag 4"}


HOSTS = """
    class First(ServerlessUser):
        host = "http://own"

        @task
        def hello(self):
            fire(self, f"first {self.host}")

    class Second(ServerlessUser):
        host = "http://own"

        @task
        def hello(self):
            fire(self, f"second {self.host}")
"""
HOSTS_PLAN = """
    locustfile = "locustfile.py"
    hosts = {Second = "http://planned"}
    [[stage]]
    name = "only"
    users = 4
    spawn_rate = 100
    duration = "1s"
"""


def test_hosts_per_class(project: Path, write: Write) -> None:
    write(serverless(HOSTS))
    plan = write(HOSTS_PLAN, "plan.toml")
    assert set(load(project, plan).endpoints()) == {
        "SAY first http://own",
        "SAY second http://planned",
    }
