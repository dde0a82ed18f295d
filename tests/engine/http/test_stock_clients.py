"""A version of a dependency that lacks a private name: its client stays Locust's own, and says so.

The name is taken away where Python imports its module, in every process of the run.
"""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from tests.support.command import load
from tests.support.servers import Nginx

TAKE_AWAY = """
    import importlib.abc
    import importlib.util
    import sys

    class TakeAway(importlib.abc.MetaPathFinder):
        def find_spec(self, name, path, target=None):
            if name != {module!r}:
                return None
            sys.meta_path.remove(self)
            spec = importlib.util.find_spec(name)
            run = spec.loader.exec_module

            def exec_module(module):
                run(module)
                del module.{attribute}

            spec.loader.exec_module = exec_module
            return spec

    sys.meta_path.insert(0, TakeAway())
"""
SEND = """
    import locust  # first of all, since it patches the standard library
    import logging
    import sys

    import locust.clients
    import locust.contrib.fasthttp
    import locust.user.users
    from locust import FastHttpUser, HttpUser, events
    from locust.env import Environment

    from loadtui.engine.http.install import install
    from loadtui.engine.worker.in_flight import InFlight

    logging.basicConfig(format="%(message)s", stream=sys.stdout)
    in_flight = InFlight()
    install(in_flight)
    events.request.add_listener(lambda **meta: print("in flight", in_flight.now, meta["exception"]))
    for kind in (FastHttpUser, HttpUser):
        user_class = type("Someone", (kind,), {"host": sys.argv[1]})
        client = user_class(Environment(events=events)).client
        for path in ("/", "/", "/moved"):
            print(type(client).__name__, client.get(path).status_code)
    print("left in flight", in_flight.now)
"""


@dataclass(frozen=True)
class Missing:
    package: str
    module: str
    attribute: str
    user_class: str
    """Whose fast path needs it, and which Locust's own client does not need for these requests."""


@pytest.fixture
def take_away(tmp_path: Path) -> Path:
    """A folder for what Python runs at its start."""
    folder = tmp_path / "at the start"
    folder.mkdir()
    return folder


def environment(folder: Path, missing: Missing) -> dict[str, str]:
    text = TAKE_AWAY.format(module=missing.module, attribute=missing.attribute)
    (folder / "sitecustomize.py").write_text(dedent(text), encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


GEVENTHTTPCLIENT = Missing(
    "geventhttpclient", "geventhttpclient.useragent", "UserAgent._make_request", "FastHttpUser"
)
ALL = [
    GEVENTHTTPCLIENT,
    Missing("locust", "locust.contrib.fasthttp", "_construct_basic_auth_str", "FastHttpUser"),
    Missing("urllib3", "urllib3.response", "_get_decoder", "HttpUser"),
    Missing("requests", "requests.models", "complexjson", "HttpUser"),
]


@pytest.mark.parametrize("missing", ALL, ids=lambda missing: missing.package)
def test_requests_still_work(nginx: Nginx, take_away: Path, missing: Missing) -> None:
    done = subprocess.run(
        [sys.executable, "-c", dedent(SEND), nginx.url],
        env=os.environ | environment(take_away, missing),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    warning, *lines = done.stdout.splitlines()
    version = importlib.metadata.version(missing.package)
    name = (
        missing.attribute if "." in missing.attribute else f"{missing.module}.{missing.attribute}"
    )
    assert warning == (
        f"{missing.user_class} sends with Locust's own client, which takes several times the CPU:"
        f" the fast one cannot work with {missing.package} {version}: {name} is missing."
    )
    classes = {"FastHttpUser": "FastHttpSession", "HttpUser": "HttpSession"}
    sessions = [
        session if user_class == missing.user_class else f"Accelerated{session}"
        for user_class, session in classes.items()
    ]
    expected = []
    for session in sessions:
        expected += ["in flight 1 None", f"{session} 200"] * 3
    assert lines == [*expected, "left in flight 0"]


def test_a_run_says_so(nginx: Nginx, take_away: Path, tmp_path: Path) -> None:
    (tmp_path / "locustfile.py").write_text(
        dedent(
            f"""
            from locust import FastHttpUser, constant, task

            class Someone(FastHttpUser):
                host = "{nginx.url}"
                wait_time = constant(0.1)

                @task
                def get(self):
                    self.client.get("/" + type(self.client).__name__)
            """
        ),
        encoding="utf-8",
    )
    outcomes = {
        env is None: load(tmp_path, "locustfile.py", "-u", "1", "-t", "1s", env=env)
        for env in (environment(take_away, GEVENTHTTPCLIENT), None)
    }
    assert set(outcomes[False].endpoints()) == {"GET /FastHttpSession"}
    assert set(outcomes[True].endpoints()) == {"GET /AcceleratedFastHttpSession"}
    stock, fast = outcomes[False].run, outcomes[True].run
    assert (stock.manifest.stock_http, fast.manifest.stock_http) == (True, False)
    assert "UserAgent._make_request is missing" in outcomes[False].log
    assert "missing" not in outcomes[True].log
