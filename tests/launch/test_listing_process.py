"""What is in a locustfile, listed by the engine; tests/e2e compares it with what Locust prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadtui.launch.listing_process import Listed, list_locustfiles
from loadtui.plan.locustfile_plan import plan_for_locustfiles
from loadtui.wire.run_settings import LocustCommandLine, RunSettings
from loadtui.wire.run_spec import RunSpec

USERS = """
from locust import FastHttpUser, task

class Fast(FastHttpUser):
    weight = 3
    @task
    def t(self): pass

class Slow(FastHttpUser):
    @task
    def t(self): pass
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "users.py"
    path.write_text(USERS)
    return path


def listed(file: Path, what: Listed, *words: str) -> int:
    settings = RunSettings(locust=LocustCommandLine(words=list(words), skip_log_setup=True))
    plan = plan_for_locustfiles([file])
    return list_locustfiles(RunSpec("list", plan, settings, project=str(file.parent)), what)


def test_classes(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert listed(file, "classes", "--list") == 0
    assert capfd.readouterr().out == "Available Users:\n    Fast\n    Slow\n"


def test_ratio(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert listed(file, "ratio-json", "--show-task-ratio-json", "Slow") == 0
    assert list(json.loads(capfd.readouterr().out)["per_class"]) == ["Slow"]


@pytest.mark.parametrize(
    ("text", "words", "code", "says"),
    [
        (USERS, ["--bogus"], 2, "loadtui: error: the locustfile has no argument --bogus"),
        (USERS, ["Nobody"], 1, "loadtui: error: no user class Nobody in users.py"),
        ("import sys\nsys.exit(5)\n", [], 5, "sys.exit(5) while it was imported"),
    ],
)
def test_locusts_code_where_there_is_nothing_to_list(
    file: Path,
    capfd: pytest.CaptureFixture[str],
    text: str,
    words: list[str],
    code: int,
    says: str,
) -> None:
    file.write_text(text)
    assert listed(file, "ratio", *words) == code
    said = capfd.readouterr()
    assert said.out == ""
    assert says in said.err
