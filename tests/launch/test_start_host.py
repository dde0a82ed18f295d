"""Runs that cannot start: one sentence, and nothing left behind."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loadtui.errors import UsageError
from loadtui.launch.running_runs import running_runs, wait_until_over
from loadtui.launch.start_host import HostHandle, StartOrder, start_host
from loadtui.plan.locustfile_plan import plan_for_locustfiles
from loadtui.plan.model import Flags, Stage
from loadtui.store.manifest_file import read_manifest
from loadtui.wire.messages import Command
from loadtui.wire.run_settings import RunSettings
from loadtui.wire.single_command import call
from tests.support.project import processes_about
from tests.support.waiting import wait_until

USERS = """
from locust import FastHttpUser, task
class Shopper(FastHttpUser):
    @task
    def t(self): self.client.get("/")
"""
HOST = "http://127.0.0.1:9"

Try = Callable[..., HostHandle]


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def begin(project: Path) -> Try:
    """Starts a locustfile of this text; the options are those of a plan, `args` the file's own."""

    def begin(
        text: str | None,
        classes: tuple[str, ...] = (),
        flags: Flags | None = None,
        args: list[str] | None = None,
        **plan: Any,
    ) -> HostHandle:
        path = project / "shop.py"
        if text is not None:
            path.write_text(text)
        made = msgspec.structs.replace(plan_for_locustfiles([path], classes), **plan)
        order = StartOrder(made, project, RunSettings(flags or Flags(), args or [], 1))
        return start_host(order)

    return begin


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        (USERS, {"classes": ("Shoper",), "host": HOST}, "did you mean Shopper"),
        (USERS, {}, "Shopper"),
        ("def broken(:\n", {"host": HOST}, "shop.py:1"),
        ("import nowhere_at_all\n", {"host": HOST}, "nowhere_at_all"),
        ("raise SystemExit(3)\n", {"host": HOST}, "shop.py:1"),
        ("x = 1\n", {"host": HOST}, "no User class found"),
        (USERS, {"host": HOST, "args": ["--nonsense"]}, "--nonsense"),
        (
            USERS,
            {"host": HOST, "stages": (Stage("L1", {"Shoper": 1}, 1.0, 1.0),)},
            "did you mean Shopper",
        ),
        (
            "from locust import events\n@events.init.add_listener\n"
            "def boom(**_): raise ValueError('boom')\nprint('imported')\n" + USERS,
            {"host": HOST},
            "init listener of shop.py raised ValueError: boom; before that it said: imported",
        ),
    ],
    ids=[
        "unknown-class", "no-host", "syntax", "import", "exit", "no-class", "argument",
        "class-of-stage", "init",
    ],
)  # fmt: skip
def test_one_sentence_and_nothing_left(
    begin: Try, text: str | None, options: dict[str, Any], says: str
) -> None:
    handle = begin(text, **options)
    with pytest.raises(UsageError) as refused:
        handle.wait_until_started()
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.exit_code == 2
    assert not handle.folder.exists()
    assert handle.wait(5) != 0
    assert running_runs() == []


def test_no_folder_is_made_for_a_file_that_is_not_there(begin: Try, project: Path) -> None:
    with pytest.raises(UsageError, match="the locustfile cannot be read: No such file"):
        begin(None, host=HOST)
    assert list(project.iterdir()) == []


def test_a_host_that_dies_tells_what_it_said(begin: Try) -> None:
    handle = begin(
        "import os, signal\nprint('last words', flush=True)\nos.kill(os.getpid(), 9)\n", host=HOST
    )
    with pytest.raises(UsageError, match="ended before the run could start") as refused:
        handle.wait_until_started()
    assert "last words" in "".join(refused.value.__notes__)
    assert not handle.folder.exists()


def test_a_locustfile_that_exits_tells_what_it_said(begin: Try) -> None:
    handle = begin("import os\nprint('last words', flush=True)\nos._exit(7)\n", host=HOST)
    with pytest.raises(UsageError, match=r"exit\(7\) while it was imported.* it said: last words"):
        handle.wait_until_started()
    assert not handle.folder.exists()


@pytest.mark.parametrize("before", ["", "import signal\nsignal.signal(15, signal.SIG_IGN)\n"])
def test_giving_up_before_the_start(begin: Try, project: Path, before: str) -> None:
    imported = "import os, pathlib\npathlib.Path(f'imported-{os.getpid()}').touch()\n"
    handle = begin(f"{before}{imported}import time\ntime.sleep(60)\n{USERS}", host=HOST)
    wait_until(lambda: any(project.glob("imported-*")), "the locustfile is imported")
    handle.abandon()
    assert not handle.folder.exists()
    assert running_runs() == []
    wait_until(lambda: not processes_about(handle.folder), "the workers end")


def test_a_run_that_starts_is_found_and_leaves_nothing_behind(begin: Try, project: Path) -> None:
    handle = begin(USERS, flags=Flags(users=1, run_time_s=1.0), host=HOST)
    handle.wait_until_started()
    assert running_runs() == [handle.folder]
    assert handle.folder.parent == project / ".loadtui" / "runs"
    assert handle.folder.stat().st_mode & 0o077 == 0
    assert (handle.folder / "control.sock").stat().st_mode & 0o077 == 0
    assert [path.name for path in handle.folder.glob("*.json")] == ["manifest.json"]  # no options
    assert call(handle.folder, Command(1, "stop", now=True)).error == ""
    assert handle.wait(20) == 0
    assert wait_until_over(handle.folder, 0)
    assert running_runs() == []
    assert read_manifest(handle.folder).run == handle.run
    left = {path.name for path in handle.folder.iterdir()}
    assert left & {"books.bin", "control.sock", "journal.bin", "host.lock", "reserve.bin"} == set()
    assert processes_about(handle.folder) == []


def test_a_folder_without_write_permission(project: Path, begin: Try) -> None:
    (project / ".loadtui").write_text("a file, where a folder should be")
    with pytest.raises(UsageError, match="cannot create the run folder"):
        begin(USERS, host=HOST)


def test_without_descriptors_for_pipes(project: Path) -> None:
    path = project / "shop.py"
    path.write_text(USERS)
    order = StartOrder(plan_for_locustfiles([path], []), project, RunSettings())
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Path(os.devnull).open() as lowest:
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest.fileno() + 1, hard))
    try:
        with pytest.raises(UsageError, match=r"cannot start the run in .*: Too many open files;"):
            start_host(order)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert [*(project / ".loadtui" / "runs").iterdir()] == []
