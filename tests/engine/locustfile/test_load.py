"""Locust patches the standard library when imported, so every load runs in another process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DRIVER = """
import json, sys
from loadtui.engine.locustfile.load import choose, load_locustfiles
from loadtui.errors import UsageError

results = []
for paths, names in json.loads(sys.argv[1]):
    try:
        loaded = load_locustfiles(paths)
        chosen = [c.__name__ for c in choose(loaded, names)]
        shape = type(loaded.shape).__name__ if loaded.shape else None
        results.append({"chosen": chosen, "shape": shape, "files": loaded.files})
    except UsageError as error:
        results.append({"error": str(error), "notes": getattr(error, "__notes__", [])})
print("RESULT" + json.dumps(results))
"""

USER = "from locust import User, task\n\nclass {name}(User):\n    @task\n    def t(self): pass\n"


def load_all(
    cases: list[tuple[list[str], list[str]]], cwd: Path, before: str = ""
) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", before + DRIVER, json.dumps(cases)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: list[dict[str, Any]] = json.loads(done.stdout.rpartition("RESULT")[2])
    return result


BAD = {
    "syntax": ("x = 1\ndef f(:\n", "bad_syntax.py:2: syntax error: "),
    "raises": (
        "def helper():\n    raise ValueError('no\\n  good')\n\nhelper()\n",
        "bad_raises.py:2: importing the locustfile raised ValueError: no good",
    ),
    "library": (
        "import json\n\njson.loads('{')\n",
        "bad_library.py:3: importing the locustfile raised JSONDecodeError: ",
    ),
    "exits": ("import sys\n\nsys.exit(3)\n", "bad_exits.py:3: the locustfile called sys.exit(3)"),
    "module": ("import os\nimport no_such_thing\n", "bad_module.py:2: the module no_such_thing is"),
    "nobody": ("x = 1\n", "bad_nobody.py: no User class found"),
    "abstract": (
        "from locust import User\nclass A(User):\n    abstract = True\n",
        "bad_abstract.py: no User class found",
    ),
    "weightless": (
        USER.format(name="Idle") + "    weight = 0\n",
        "bad_weightless.py: the weight of every user class that is to run is 0",
    ),
    "shape": (
        USER.format(name="Fine") + "from locust import LoadTestShape\n"
        "class Shape(LoadTestShape):\n    def __init__(self):\n        raise RuntimeError('odd')\n"
        "    def tick(self): return None\n",
        "bad_shape.py:9: importing the locustfile raised RuntimeError: odd",
    ),
}


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("bad")
    for name, (source, _) in BAD.items():
        (folder / f"bad_{name}.py").write_text(source)
    (folder / "empty").mkdir()
    (folder / "notes.txt").write_text("")
    cases = {name: f"bad_{name}.py" for name in BAD}
    cases |= {"missing": "nowhere.py", "empty": "empty", "suffix": "notes.txt"}
    cases["url"] = "http://127.0.0.1:1/locustfile.py"
    results = load_all([([path], []) for path in cases.values()], folder)
    return dict(zip(cases, results, strict=True))


@pytest.mark.parametrize("name", BAD)
def test_what_import_throws_becomes_one_sentence(
    name: str, refusals: dict[str, dict[str, Any]]
) -> None:
    assert refusals[name]["error"].startswith(BAD[name][1])
    assert "\n" not in refusals[name]["error"]


def test_the_traceback_is_kept_aside(refusals: dict[str, dict[str, Any]]) -> None:
    (note,) = refusals["raises"]["notes"]
    assert "Traceback" in note
    assert "in helper" in note


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing", "nowhere.py: no such locustfile"),
        ("empty", "empty: no locustfile (a .py file) in this folder"),
        ("suffix", "notes.txt: a locustfile must end in .py"),
        ("url", "http://127.0.0.1:1/locustfile.py: a locustfile is not fetched"),
    ],
)
def test_paths_that_are_no_locustfiles(
    name: str, sentence: str, refusals: dict[str, dict[str, Any]]
) -> None:
    assert refusals[name]["error"].startswith(sentence)


def test_classes_come_in_file_order_and_by_name(tmp_path: Path) -> None:
    (tmp_path / "many.py").write_text("".join(USER.format(name=n) for n in ("Zoe", "Ann", "Mia")))
    everybody, two, typo = load_all(
        [(["many.py"], []), (["many.py"], ["Mia", "Zoe"]), (["many.py"], ["Anne"])], tmp_path
    )
    assert everybody["chosen"] == ["Zoe", "Ann", "Mia"]
    assert everybody["files"] == [str(tmp_path / "many.py")]
    assert two["chosen"] == ["Zoe", "Mia"]
    assert typo["error"] == "no user class Anne in many.py, did you mean Ann?"


def test_a_folder_is_searched_and_shapes_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios 부하"
    (folder / "deep").mkdir(parents=True)
    (folder / "b.py").write_text(USER.format(name="B"))
    (folder / "_private.py").write_text("raise RuntimeError")
    (folder / "deep" / "a.py").write_text(
        USER.format(name="A") + "from locust import LoadTestShape\n"
        "class Wave(LoadTestShape):\n    def tick(self): return None\n"
    )
    (found,) = load_all([([folder.name], [])], tmp_path)
    assert sorted(found["chosen"]) == ["A", "B"]
    assert found["shape"] == "Wave"


def test_one_name_in_two_files(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(USER.format(name="Same"))
    (tmp_path / "two.py").write_text(USER.format(name="Same"))
    (tmp_path / "imports.py").write_text("from one import Same\n")
    clash, shared = load_all([(["one.py", "two.py"], []), (["one.py", "imports.py"], [])], tmp_path)
    assert clash["error"].startswith("the user class Same is defined in both one.py and two.py")
    assert shared["chosen"] == ["Same"]


PYTEST_STYLE = "def test_root(session):\n    session.get('/')\n"


def test_test_functions_count_as_users(tmp_path: Path) -> None:
    (tmp_path / "test_style.py").write_text(PYTEST_STYLE)
    (found,) = load_all([(["test_style.py"], [])], tmp_path)
    assert found["chosen"] == ["test_root"]


def test_test_functions_need_pytest(tmp_path: Path) -> None:
    (tmp_path / "test_style.py").write_text(PYTEST_STYLE)
    hide = (
        "import importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'pytest' else find(name, *a)\n"
    )
    (found,) = load_all([(["test_style.py"], [])], tmp_path, before=hide)
    assert found["error"].endswith("need pytest, which is not installed")
