"""Command lines as CI files have them, and the folder in which they are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

SHOP = """
from locust import FastHttpUser, SequentialTaskSet, constant, tag, task

class Steps(SequentialTaskSet):
    @tag("smoke")
    @task
    def front(self):
        self.client.get("/")

    @tag("slow")
    @task
    def basket(self):
        self.client.get("/basket")

class Shopper(FastHttpUser):
    wait_time = constant(0.05)
    tasks = [Steps]

class Robot(FastHttpUser):
    wait_time = constant(0.05)

    @tag("smoke")
    @task
    def crawl(self):
        self.client.get("/robots.txt")
"""
FAILING = """
from locust import FastHttpUser, constant, task

class Lost(FastHttpUser):
    wait_time = constant(0.1)

    @task
    def missing(self):
        self.client.get("/404")
        self.client.get("/")
"""
OWN = """
import logging

from locust import FastHttpUser, constant, events, task

@events.init_command_line_parser.add_listener
def _(parser):
    parser.add_argument("--greeting", default="")
    parser.add_argument("--loud", action="store_true")

class Greeter(FastHttpUser):
    wait_time = constant(0.1)

    @task
    def greet(self):
        options = self.environment.parsed_options
        self.client.get(f"/{options.greeting}{'!' if options.loud else ''}")
"""
ENDS_WITH_7 = (
    FAILING
    + """
from locust import events

@events.quitting.add_listener
def _(environment, **_):
    environment.process_exit_code = 7
"""
)
SHAPE = """
from locust import FastHttpUser, LoadTestShape, constant, task

class Visitor(FastHttpUser):
    wait_time = constant(0.1)

    @task
    def look(self):
        self.client.get("/")

class Steps(LoadTestShape):
    def tick(self):
        return (2, 2) if self.get_run_time() < 2 else None
"""
RAISING_TASK = """
from locust import FastHttpUser, constant, task

class Broken(FastHttpUser):
    wait_time = constant(0.2)

    @task
    def work(self):
        self.client.get("/")
        raise RuntimeError("no more")
"""
RAISING_LISTENER = """
from locust import FastHttpUser, constant, events, task

@events.test_stop.add_listener
def _(**_):
    raise RuntimeError("in a listener")

class Visitor(FastHttpUser):
    wait_time = constant(0.2)

    @task
    def look(self):
        self.client.get("/")
"""
IN_ON_STOP = """
from locust import FastHttpUser, constant, events, task

class Visitor(FastHttpUser):
    wait_time = constant(0.2)

    @task
    def look(self):
        self.client.get("/")

    def on_stop(self):
        raise RuntimeError("on the way out")
"""
OWN_PERCENTILES = (
    FAILING
    + """
import locust.stats

locust.stats.PERCENTILES_TO_REPORT = [0.5, 0.99, 0.999]
locust.stats.CONSOLE_STATS_INTERVAL_SEC = 600
"""
)
FILES = {
    "locustfile.py": SHOP,
    "failing.py": FAILING,
    "own.py": OWN,
    "seven.py": ENDS_WITH_7,
    "shape.py": SHAPE,
    "raising.py": RAISING_TASK,
    "listener.py": RAISING_LISTENER,
    "on_stop.py": IN_ON_STOP,
    "percentiles.py": OWN_PERCENTILES,
    "syntax.py": "def broken(:\n",
    "leaves.py": "import sys\nsys.exit(5)\n",
    "needs.py": "import no_such_module_anywhere\n",
    "ci.conf": "headless = true\nusers = 3\nspawn-rate = 3\nrun-time = 4s\nonly-summary = true\n",
    "many/one.py": SHOP,
    "many/two.py": FAILING,
}


class CommandLine(NamedTuple):
    """What stands after `locust`, `HOST` for the base URL of the server."""

    words: str
    environment: Mapping[str, str] = {}
    files: Mapping[str, str] = {}
    """Beside FILES."""


QUICK = "--headless -u 2 -r 2 -t 4s -H HOST"
LINES: dict[str, CommandLine] = {
    "ci": CommandLine(
        "-f locustfile.py --headless -u 10 -r 10 -t 4s -H HOST --csv out --html report.html "
        "--only-summary --exit-code-on-error 0 --loglevel WARNING --logfile locust.log"
    ),
    "plain": CommandLine("--headless --host HOST --users 2 --spawn-rate 2 --run-time 4s"),
    "failures": CommandLine(f"-f failing.py {QUICK} --only-summary"),
    "json": CommandLine(f"{QUICK} --json"),
    "config": CommandLine("--config=ci.conf --host=HOST"),
    "config-and-flags": CommandLine("--config ci.conf -u 1 -H HOST --csv=out"),
    "locust.conf": CommandLine(
        "-H HOST", files={"locust.conf": "headless = true\nrun-time = 4\nusers = 2\n"}
    ),
    "pyproject": CommandLine(
        "-H HOST -t 4s",
        files={"pyproject.toml": "[tool.locust]\nheadless = true\nusers = 2\ntags = ['smoke']\n"},
    ),
    "environment": CommandLine(
        "",
        {
            "LOCUST_HEADLESS": "true",
            "LOCUST_HOST": "HOST",
            "LOCUST_USERS": "2",
            "LOCUST_RUN_TIME": "4s",
            "LOCUST_CSV": "made/by/env",
            "LOCUST_ONLY_SUMMARY": "1",
        },
    ),
    "tags": CommandLine(f"{QUICK} --tags smoke --only-summary"),
    "exclude-tags": CommandLine(f"-T smoke slow -E slow {QUICK}"),
    "class": CommandLine(f"{QUICK} Shopper"),
    "classes-of-environment": CommandLine(QUICK, {"LOCUST_USER_CLASSES": "Robot"}),
    "error-level": CommandLine(f"{QUICK} -L ERROR"),
    "together": CommandLine("--headless -u5 -r5 -t4 -H HOST -L warning --only-summary"),
    "defaults": CommandLine("--headless -t 4s -H HOST --only-summary"),
    "abbreviated": CommandLine(f"{QUICK} --only-sum --csv-f --csv out"),
    "processes": CommandLine(f"{QUICK} --processes 2 --only-summary"),
    "all-processes": CommandLine(f"{QUICK} --processes -1 --csv out"),
    "expect-workers": CommandLine(f"{QUICK} --expect-workers 2 --expect-workers-max-wait 5"),
    "stop-timeout": CommandLine(f"{QUICK} --stop-timeout 5 --only-summary"),
    "stop-timeout-short": CommandLine(f"{QUICK} -s 1s"),
    "reset-stats": CommandLine("--headless -u 2 -r 1 -t 5s -H HOST --reset-stats --only-summary"),
    "json-file": CommandLine(f"{QUICK} --json-file stats/all"),
    "json-alone": CommandLine(f"{QUICK} --json --skip-log-setup"),
    "full-history": CommandLine(f"{QUICK} --csv results/run --csv-full-history"),
    "html-name": CommandLine(f"{QUICK} --html 'pages/r_{{u}}_{{r}}_{{t}}.html'"),
    "log-file": CommandLine(f"{QUICK} --logfile logs/run.log"),
    "code-on-error": CommandLine(f"-f failing.py {QUICK} --exit-code-on-error 3"),
    "no-code-on-error": CommandLine(f"-f failing.py {QUICK}", {"LOCUST_EXIT_CODE_ON_ERROR": "0"}),
    "own-exit-code": CommandLine(f"-f seven.py {QUICK}"),
    "own-arguments": CommandLine(f"-f own.py --greeting hello {QUICK} --loud"),
    "own-arguments-of-config": CommandLine(
        f"-f own.py {QUICK}", files={"locust.conf": "greeting = hi\n"}
    ),
    "two-files": CommandLine(f"-f locustfile.py,failing.py {QUICK}"),
    "folder": CommandLine(f"-f many {QUICK} --only-summary"),
    "shape": CommandLine("-f shape.py --headless -H HOST"),
    "own-percentiles": CommandLine(f"-f percentiles.py {QUICK} --csv out"),
    "raising-task": CommandLine(f"-f raising.py {QUICK} --only-summary"),
    "raising-listener": CommandLine(f"-f listener.py {QUICK} --only-summary"),
    "raising-on-stop": CommandLine(f"-f on_stop.py {QUICK} --only-summary"),
    "weights": CommandLine(f"{QUICK} --equal-weights --profile nightly"),
    "config-users": CommandLine(
        f"{QUICK} --only-summary --config-users "
        """'{"user_class_name": "Robot", "fixed_count": 1}'"""
    ),
    "autostart": CommandLine(
        "--autostart --autoquit 0 -u 2 -t 4s -H HOST --web-host 127.0.0.1 --web-port 0"
    ),
    "print-stats": CommandLine(
        "--autostart --autoquit 0 --print-stats -u 2 -t 4s -H HOST --web-host 127.0.0.1 -P 0"
    ),
}
"""Name -> a command line that makes a run."""

NO_RUN: dict[str, CommandLine] = {
    "list": CommandLine("--list"),
    "list-of-file": CommandLine("-f failing.py -l"),
    "ratio": CommandLine("--show-task-ratio"),
    "ratio-of-users": CommandLine("--show-task-ratio -u 7 Shopper"),
    "ratio-json": CommandLine("--show-task-ratio-json"),
    "version": CommandLine("--version"),
    "version-short": CommandLine("-V"),
    "help": CommandLine("--help"),
    "unknown-option": CommandLine("--headless --bogus"),
    "unknown-class": CommandLine(f"{QUICK} Nobody"),
    "no-such-file": CommandLine("-f missing.py --headless"),
    "no-such-config": CommandLine("--headless --config missing.conf"),
    "no-number": CommandLine("--headless -u many"),
    "no-time": CommandLine("--headless -t soon"),
    "no-rate": CommandLine("--headless -r 0"),
    "no-level": CommandLine("--headless -L LOUD"),
    "history-alone": CommandLine("--headless --csv-full-history"),
    "autoquit-alone": CommandLine("--autoquit 3"),
    "retired": CommandLine("--slave"),
    "syntax-error": CommandLine(f"-f syntax.py {QUICK}"),
    "leaves-on-import": CommandLine(f"-f leaves.py {QUICK}"),
    "module-missing": CommandLine(f"-f needs.py {QUICK}"),
    "processes-minus-2": CommandLine(f"{QUICK} --processes -2"),
}
"""Name -> a command line that makes none."""
