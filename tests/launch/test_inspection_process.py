from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadtui.errors import UsageError
from loadtui.launch.inspection_process import inspect_plan
from loadtui.plan.model import Flags, Plan, Stage
from loadtui.wire.inspection import Inspection, UserClass
from loadtui.wire.run_settings import RunSettings
from loadtui.wire.run_spec import RunSpec
from tests.support.waiting import wait_until

USERS = """
from locust import FastHttpUser, HttpUser, User, events, tag, task

class Fast(FastHttpUser):
    weight = 3
    host = "http://class"
    @task
    def t(self): pass

class Slow(HttpUser):
    fixed_count = 2
    @tag("rare")
    @task
    def t(self): pass

class Other(User):
    @task
    def t(self): pass
"""
SHAPE = """
from locust import LoadTestShape
class Wave(LoadTestShape):
    def tick(self): return None
"""

Look = Callable[..., Inspection]


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    for name in [name for name in os.environ if name.startswith("LOCUST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))

    def run(
        source: str,
        flags: Flags | None = None,
        args: list[str] | None = None,
        timeout: float = 30,
        **plan: Any,
    ) -> Inspection:
        path = tmp_path / "my file.py"
        path.write_text(source)
        spec = RunSpec(
            "check",
            Plan(name="p", locustfiles=(str(path),), **plan),
            RunSettings(flags or Flags(), args or []),
            project=str(tmp_path),
        )
        return inspect_plan(spec, timeout)

    return run


def test_classes_with_their_hosts(look: Look) -> None:
    found = look(
        'print("noise on stdout")\n' + USERS,
        host="http://plan",
        hosts={"Slow": "https://slow"},
        args=["--headful"],
    )
    assert found == Inspection(
        classes=[
            UserClass("Fast", 3, 0, "http://plan", "fasthttp"),
            UserClass("Slow", 1, 2, "https://slow", "http"),
            UserClass("Other", 1, 0, "http://plan", "other"),
        ],
        ignored=["--headful"],
    )


def test_only_http_users_need_a_host(look: Look) -> None:
    found = look(USERS, user_classes=("Fast", "Other"))
    assert [c.host for c in found.classes] == ["http://class", None]
    with pytest.raises(UsageError, match=r"^no host for Slow: give -H URL, host in the plan"):
        look(USERS)
    [warning] = look(USERS, Flags(host="localhost:80")).warnings
    assert warning.startswith('the host "localhost:80" of Fast, Slow is no base URL')


LISTENER = "@events.init.add_listener\ndef _(environment, **kw): environment.host = 'http://x'\n"
OWN_INIT = """
class Own(Slow):
    def __init__(self, *args):
        self.host = "http://own"
        super().__init__(*args)
"""


@pytest.mark.parametrize(("more", "name"), [(LISTENER, "Slow"), (OWN_INIT, "Own")])
def test_a_host_that_may_still_come_is_a_warning(more: str, name: str, look: Look) -> None:
    found = look(USERS + more, user_classes=(name,))
    assert found.warnings == [
        f"no host for {name}: give -H URL, host in the plan, or host in the class, "
        "unless the locustfile sets it while it starts"
    ]


def test_classes_named_in_the_plan_exist(look: Look) -> None:
    stages = (Stage("a", 1, 1, 1), Stage("b", {"Fats": 1}, 1, 1))
    with pytest.raises(UsageError, match=r"stage\[1\]\.users\.Fats: .*did you mean Fast\?"):
        look(USERS, host="http://x", stages=stages)
    with pytest.raises(UsageError, match=r"hosts\.Fats: .*did you mean Fast\?"):
        look(USERS, hosts={"Fats": "http://x"})
    with pytest.raises(UsageError, match=r"no user class Fats in my file\.py, did you mean Fast\?"):
        look(USERS, user_classes=("Fats",))


def test_shape_and_what_takes_its_place(look: Look) -> None:
    assert look(USERS + SHAPE, host="http://x").shape == "Wave"
    staged = look(USERS + SHAPE, host="http://x", stages=(Stage("a", 1, 1, 1),))
    assert staged.shape is None
    assert staged.warnings == ["the plan's stages take the place of Wave"]


def test_warns_of_what_will_not_work(look: Look) -> None:
    source = USERS + "from locust.runners import LocalRunner\nlocal = LocalRunner\n"
    found = look(source, host="http://x", exclude_tags=("rare",))
    assert found.warnings[0] == "Slow: the tags leave it without any task"
    assert "my file.py:20: LocalRunner: the file may only work" in found.warnings[1]


def test_a_file_that_knows_all_runners_is_fine(look: Look) -> None:
    source = (
        USERS + "from locust import runners\nboth = runners.LocalRunner, runners.MasterRunner\n"
    )
    assert look(source, host="http://x").warnings == []


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("x = (", "my file.py:1: syntax error: "),
        ("raise KeyError('k')", "my file.py:1: importing the locustfile raised KeyError: 'k'"),
        (
            "import sys; sys.exit('bye')",
            "my file.py:1: the locustfile ended the program while it was imported: bye",
        ),
        ("import os; os._exit(7)", "the locustfile called os._exit(7) while it was imported"),
        ("import os; os.kill(os.getpid(), 9)", "while it was imported (killed by SIGKILL)"),
        ("x = 1", "my file.py: no User class found"),
    ],
)
def test_bad_locustfiles(source: str, sentence: str, look: Look) -> None:
    with pytest.raises(UsageError) as refused:
        look(source)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_traceback_is_a_note(look: Look) -> None:
    with pytest.raises(UsageError) as refused:
        look("def f():\n    1 / 0\nf()\n")
    assert "my file.py:2: importing the locustfile raised ZeroDivisionError" in str(refused.value)
    assert "in f" in "".join(refused.value.__notes__)


def test_a_locustfile_that_hangs_is_killed_with_its_children(look: Look, tmp_path: Path) -> None:
    source = (
        "import os, subprocess, time\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(tmp_path / 'pids')!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "time.sleep(60)\n"
    )
    with pytest.raises(UsageError, match=r"my file\.py did not finish importing within 5 s: look"):
        look(source, timeout=5)
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    wait_until(lambda: not any(_alive(pid) for pid in pids), "the end of both processes")


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_what_the_locustfile_leaves_running_does_not_hold_the_answer_up(look: Look) -> None:
    source = (
        "import subprocess, threading, time\nsubprocess.Popen(['sleep', '60'])\n"
        "threading.Thread(target=time.sleep, args=(60,)).start()\n" + USERS
    )
    assert look(source, host="http://x", timeout=20).classes


def test_modules_in_the_project_do_not_shadow_others(look: Look, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise RuntimeError('wrong json')\n")
    (tmp_path / "locust.py").write_text("raise RuntimeError('wrong locust')\n")
    assert look("x = 1\n" + USERS, host="http://x").classes
