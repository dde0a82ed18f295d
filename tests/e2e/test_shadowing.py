"""Files beside the locustfile that have the names of installed modules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import Write, command, load

pytestmark = pytest.mark.thorough

NAMES = sorted(
    {*sys.stdlib_module_names}
    | {"locust", "gevent", "greenlet", "zmq", "psutil", "requests", "geventhttpclient", "polars"}
    | {"msgspec", "loadtui", "click", "textual", "rich", "numpy", "pyarrow", "jinja2", "httptools"}
)
INSTALLED = {"PYTHONSAFEPATH": "1"}
"""The command as it is installed: `python -m` puts the current folder on the path by itself."""
USER = """
    from locust import User, constant, events, task

    class Someone(User):
        wait_time = constant(0.1)

        @task
        def say(self):
            self.environment.events.request.fire(
                request_type="SAY", name="hello", response_time=5, response_length=0,
                exception=None, context={},
            )
"""
OWN = """
    import {name}

    @events.quit.add_listener
    def tell_where(exit_code, **_):
        import {name} as later
        import os
        with open("seen.txt", "a") as file:
            file.write(str(later.OWN + {name}.OWN) + "\\n")
"""


def test_no_file_beside_the_locustfile_is_taken_for_a_module(project: Path, write: Write) -> None:
    """Every name of the standard library and of what is installed, of whatever is imported when."""
    for name in NAMES:
        write(f"raise RuntimeError('{name}.py was imported')", f"{name}.py")
    outcome = load(project, write(USER), "-u", "2", "-r", "2", "-t", "1s", env=INSTALLED)
    assert outcome.quiet_code == 0, outcome.stderr + outcome.log
    assert outcome.document["totals"]["requests"] > 5
    assert not outcome.run.manifest.stock_http
    assert "was imported" not in outcome.log


def test_python_m_takes_none_either(project: Path, write: Write) -> None:
    for name in ("random", "json", "csv", "queue", "email", "numbers", "uuid", "click", "textual"):
        write(f"raise RuntimeError('{name}.py was imported')", f"{name}.py")
    outcome = load(project, write(USER), "-u", "1", "-r", "1", "-t", "1s")
    assert outcome.quiet_code == 0, outcome.stderr


@pytest.mark.parametrize("name", ["statistics", "polars", "ctypes", "fractions", "msgspec"])
def test_the_locustfile_finds_its_own(project: Path, write: Write, name: str) -> None:
    write("OWN = 21", f"{name}.py")
    file = write(USER + OWN.format(name=name))
    outcome = load(project, file, "-u", "1", "-r", "1", "-t", "1s")
    assert outcome.quiet_code == 0, outcome.stderr + outcome.log
    assert (project / "seen.txt").read_text().split() == ["42", "42"], "in worker and host"


def test_the_name_of_the_program_itself(project: Path, write: Write) -> None:
    write("OWN = 1", "loadtui.py")
    file = write("from loadtui import OWN\n")
    outcome = command(project, "run", file, "--no-ui", "-t", "1s", env=INSTALLED)
    assert outcome.code == 2
    assert "loadtui.py has the name of this program's own package, rename it" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_run_that_could_not_be_judged_is_recovered(project: Path, write: Write) -> None:
    break_python = """
    @events.quitting.add_listener
    def break_what_is_started_next(environment, **_):
        import os
        os.environ["PYTHONHOME"] = "/nowhere"
    """
    outcome = load(project, write(USER + break_python), "-u", "1", "-r", "1", "-t", "1s")
    assert outcome.document["totals"]["requests"] > 5
    assert outcome.document["state"] == "interrupted"
    assert "the process that judges the run ended before it was done" in outcome.log


def test_what_host_and_workers_import_before_the_locustfile_is_what_locust_does() -> None:
    """So that any other `import` of a locustfile finds the file beside it, as under Locust."""
    everything = (
        "import locust, loadtui.engine.host.run_host, loadtui.engine.worker.worker_runner, "
        "loadtui.engine.http.install, loadtui.engine.worker.request_hook"
    )
    ours = _loaded(everything) - _loaded("import locust.main, locust.contrib.fasthttp")
    assert ours <= {"loadtui", "msgspec", "httptools", "mmap"}


def _loaded(code: str) -> set[str]:
    """Top-level modules in a process that did this."""
    code += "\nimport sys\nprint(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, check=True)
    return set(done.stdout.decode().split())
