"""Locust patches the standard library when imported, so options are resolved in another process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loadtui.plan.model import Flags, Plan, Stage
from loadtui.wire.run_settings import LocustCommandLine, RunSettings
from loadtui.wire.run_spec import RunSpec

DRIVER = """
import json, os, sys
import msgspec
from loadtui.engine.locustfile.load import load_locustfiles
from loadtui.engine.locustfile.options import resolve_options
from loadtui.errors import UsageError
from loadtui.wire.run_settings import RunSettings
from loadtui.wire.run_spec import RunSpec

def result(spec):
    try:
        load_locustfiles(spec.plan.locustfiles)
        resolved = resolve_options(spec)
    except UsageError as error:
        return {"error": str(error)}
    got = {"options": vars(resolved.options), "ignored": resolved.ignored}
    return {**got, "on_error": resolved.exit_code_on_error}

for line in sys.stdin:
    asked = json.loads(line)
    pid = os.fork()
    if not pid:
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["env"])
        text = json.dumps(result(msgspec.json.decode(asked["spec"], type=RunSpec)))
        print("RESULT" + text, flush=True)
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        print("FAILED", flush=True)
"""
"""Locust takes a second to import: one process does, and forks for each question."""

LOCUSTFILE = """
from locust import User, events, task

class Alice(User):
    @task
    def t(self): pass

class Bob(Alice):
    pass

@events.init_command_line_parser.add_listener
def _(parser):
    parser.add_argument("--think", default="1-2", env_var="THINK")
    parser.add_argument("--hits-per-user", type=int, default=1)
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--many", nargs="*")
"""

Resolve = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def driver() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def resolve(tmp_path: Path, driver: subprocess.Popen[str]) -> Resolve:
    def run(
        plan: dict[str, Any] | None = None,
        flags: Flags | None = None,
        args: list[str] | None = None,
        env: dict[str, str] | None = None,
        **spec: Any,
    ) -> dict[str, Any]:
        (tmp_path / "file.py").write_text(LOCUSTFILE)
        made = Plan(name="p", locustfiles=(str(tmp_path / "file.py"),), **(plan or {}))
        whole = RunSpec("r", made, RunSettings(flags or Flags(), args or [], 1, **spec))
        clean = {k: v for k, v in os.environ.items() if not k.startswith("LOCUST_")}
        asked = {
            "spec": msgspec.json.encode(whole).decode(),
            "folder": str(tmp_path),
            "env": clean | {"HOME": str(tmp_path)} | (env or {}),
        }
        assert driver.stdin is not None
        assert driver.stdout is not None
        print(json.dumps(asked), file=driver.stdin, flush=True)
        for line in driver.stdout:
            assert line != "FAILED\n"
            if line.startswith("RESULT"):
                result: dict[str, Any] = json.loads(line.removeprefix("RESULT"))
                return result
        raise AssertionError("the driver has ended")

    return run


def test_an_argument_from_the_environment(resolve: Resolve) -> None:
    got = resolve({"args": {"think": "${MY_THINK}"}}, env={"MY_THINK": "7-9"})
    assert got["options"]["think"] == "7-9"
    refused = resolve({"args": {"think": "${NOT_THERE}"}})
    assert "args.think: the environment variable NOT_THERE is not set" in refused["error"]


def test_plan_and_flags_become_locusts_options(resolve: Resolve) -> None:
    got = resolve(
        {
            "host": "http://plan",
            "user_classes": ("Bob",),
            "tags": ("fast", "cheap"),
            "exclude_tags": ("flaky",),
            "args": {"think": "-1", "hits_per_user": 7, "slow": True},
            "stop_timeout_s": 2.5,
        },
        Flags(users=10, spawn_rate=0.123456789, run_time_s=90),
        args=["--many", "x", "y"],
        loglevel="DEBUG",
    )
    options = got["options"]
    assert got["ignored"] == []
    assert options["host"] == "http://plan"
    assert options["user_classes"] == ["Bob"]
    assert options["tags"] == ["fast", "cheap"]
    assert options["exclude_tags"] == ["flaky"]
    assert (options["think"], options["hits_per_user"], options["slow"]) == ("-1", 7, True)
    assert options["many"] == ["x", "y"]
    assert (options["num_users"], options["spawn_rate"]) == (10, 0.123456789)
    assert options["run_time"] == 90
    assert options["stop_timeout"] == 2.5
    assert options["loglevel"] == "DEBUG"
    assert options["headless"] is True


def test_command_line_before_environment_before_config(resolve: Resolve, tmp_path: Path) -> None:
    (tmp_path / "locust.conf").write_text(
        "think = conf\nhost = http://conf\nspawn-rate = 3\nusers = 5\n"
    )
    (tmp_path / "pyproject.toml").write_text(
        '[tool.locust]\ntags = ["a", "b"]\nhits-per-user = 4\n'
    )
    got = resolve(
        {"args": {"slow": False}},
        Flags(users=9),
        args=["--think", "typed"],
        env={"THINK": "env", "LOCUST_HOST": "http://env", "LOCUST_STOP_TIMEOUT": "11"},
    )["options"]
    assert got["think"] == "typed"
    assert got["host"] == "http://env"
    assert (got["num_users"], got["spawn_rate"]) == (9, 3)
    assert (got["tags"], got["hits_per_user"]) == (["a", "b"], 4)
    assert got["stop_timeout"] == 11
    assert got["slow"] is False


@pytest.mark.parametrize(
    ("plan", "args", "env", "seconds"),
    [
        ({}, [], {}, 5),
        ({"stop_timeout_s": 2.5}, [], {}, 2.5),
        ({}, [], {"LOCUST_STOP_TIMEOUT": "11"}, 11),
        ({"stop_timeout_s": 2.5}, [], {"LOCUST_STOP_TIMEOUT": "11"}, 2.5),
        ({"stop_timeout_s": 2.5}, ["-s3"], {}, 3),
        ({"stop_timeout_s": 2.5}, ["--stop-timeout", "1m"], {"LOCUST_STOP_TIMEOUT": "11"}, 60),
    ],
)
def test_stop_timeout(
    plan: dict[str, Any], args: list[str], env: dict[str, str], seconds: float, resolve: Resolve
) -> None:
    assert resolve(plan, args=args, env=env)["options"]["stop_timeout"] == seconds


def test_flag_overrides_plan_host(resolve: Resolve) -> None:
    assert resolve({"host": "http://plan"}, Flags(host="http://flag"))["options"]["host"] == (
        "http://flag"
    )


def test_what_loadtui_does_not_do_is_reset_and_named(resolve: Resolve, tmp_path: Path) -> None:
    (tmp_path / "locust.conf").write_text("headful = true\nweb-port = 9000\n")
    got = resolve(
        args=["--json", "--reset-stats", "--expect-workers=3"],
        env={"LOCUST_CSV": "out/x", "LOCUST_MODE_MASTER": "true", "LOCUST_MODE_WORKER": "false"},
    )
    options = got["options"]
    assert (options["headless"], options["web_port"], options["csv_prefix"]) == (True, 8089, None)
    assert (options["master"], options["json"], options["expect_workers"]) == (False, False, 1)
    assert options["reset_stats"] is False
    said = {entry.split()[0]: entry for entry in got["ignored"]}
    assert set(said) == {
        *("--headful", "--web-port", "--csv", "--master", "--json", "--reset-stats"),
        "--expect-workers",
    }
    assert said["--csv"] == "--csv (from LOCUST_CSV)"
    assert said["--headful"].endswith("locust.conf)")
    assert said["--json"] == "--json"


def test_the_locustfiles_are_those_of_the_plan(resolve: Resolve) -> None:
    file = "file.py"
    got = resolve(args=["-f", "other.py"], env={"LOCUST_LOCUSTFILE": "third.py"})
    assert (got["options"]["locustfile"], got["ignored"]) == (file, ["--locustfile"])
    got = resolve(env={"LOCUST_LOCUSTFILE": "third.py"})
    assert (got["options"]["locustfile"], got["ignored"]) == (file, [])


def test_a_named_config_file(resolve: Resolve, tmp_path: Path) -> None:
    (tmp_path / "locust.conf").write_text("users = 3\nhost = http://here\nlocustfile = [a, b]\n")
    (tmp_path / "named.conf").write_text("users = 4\nlocustfile = elsewhere.py\n")
    got = resolve(config="named.conf")
    assert (got["options"]["num_users"], got["options"]["host"]) == (4, "http://here")
    assert (got["options"]["locustfile"], got["ignored"]) == ("file.py", [])


@pytest.mark.parametrize(
    ("plan", "env", "code"),
    [
        ({}, {}, None),
        ({}, {"LOCUST_EXIT_CODE_ON_ERROR": "9"}, 9),
        ({}, {"LOCUST_EXIT_CODE_ON_ERROR": "1"}, 1),
        ({"exit_code_on_error": 0}, {"LOCUST_EXIT_CODE_ON_ERROR": "9"}, 0),
    ],
)
def test_the_exit_code_for_errors(
    resolve: Resolve, plan: dict[str, Any], env: dict[str, str], code: int | None
) -> None:
    got = resolve(plan, env=env)
    assert (got["on_error"], got["ignored"]) == (code, [])
    assert got["options"]["exit_code_on_error"] == (1 if code is None else code)


def test_what_is_no_exit_code(resolve: Resolve, tmp_path: Path) -> None:
    (tmp_path / "locust.conf").write_text("exit-code-on-error = 256\n")
    assert "locust.conf): found 256, expected 0 to 255" in resolve()["error"]


def test_stages_win_over_configured_load(resolve: Resolve, tmp_path: Path) -> None:
    (tmp_path / "locust.conf").write_text("users = 5\n")
    got = resolve({"stages": (Stage("S1", 3, 1, 60),)}, env={"LOCUST_RUN_TIME": "5m"})
    assert got["options"]["num_users"] is None
    assert got["options"]["run_time"] is None
    assert {entry.split()[0] for entry in got["ignored"]} == {"--users", "--run-time"}


def test_classes_after_the_dashes(resolve: Resolve) -> None:
    got = resolve({"tags": ("a",)}, args=["Alice"])["options"]
    assert (got["user_classes"], got["tags"]) == (["Alice"], ["a"])


@pytest.mark.parametrize(
    ("plan", "args", "sentence"),
    [
        ({}, ["--thnk", "3"], "the locustfile has no argument --thnk, did you mean --think?"),
        ({}, ["--hits-per-user", "x"], "the arguments for the locustfile are not right: argument"),
        (
            {},
            ["--help"],
            "--help and --version are not for the locustfile, leave them out; its own",
        ),
        ({}, ["-V"], "--help and --version are not for the locustfile"),
        ({"args": {"thnk": 1}}, [], "the plan: args.thnk: the locustfile has no argument --thnk"),
    ],
)
def test_bad_arguments_are_one_sentence(
    plan: dict[str, Any], args: list[str], sentence: str, resolve: Resolve
) -> None:
    error = resolve(plan, args=args)["error"]
    assert error.startswith(sentence)
    assert "\n" not in error


def test_broken_config_file(resolve: Resolve, tmp_path: Path) -> None:
    (tmp_path / "locust.conf").write_text("no-such-option = 1\n")
    assert resolve()["error"].startswith("the locustfile has no argument --no-such-option")


def test_locusts_own_command_line_goes_before_all(resolve: Resolve, tmp_path: Path) -> None:
    (tmp_path / "locust.conf").write_text("think = conf\nusers = 4\n")
    line = "--headless --slow --csv out --reset-stats --web-port 80 --processes 2 -t 1m Bob"
    got = resolve(
        {"user_classes": ("Alice",)},
        Flags(users=9),
        args=["--think", "unheard"],
        locust=LocustCommandLine(words=line.split(), ignored=["--web-port"]),
    )
    options = got["options"]
    assert got["ignored"] == ["--web-port"]
    assert (options["user_classes"], options["num_users"]) == (["Bob"], 4)
    assert (options["think"], options["slow"], options["run_time"]) == ("conf", True, 60)
    assert (options["csv_prefix"], options["reset_stats"]) == ("out", True), "hooks may read them"
    assert (options["web_port"], options["processes"]) == (8089, None)
    refused = resolve(locust=LocustCommandLine(words=["--bogus"]))["error"]
    assert refused.startswith("the locustfile has no argument --bogus")
