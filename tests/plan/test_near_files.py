"""What is said of a plan or locustfile that is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadtui.plan.near_files import near_files, no_toml


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(*names: str) -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def test_a_slip_of_a_name_that_is_there() -> None:
    write("locustfile.py", "gateway.toml", "load/gateway.toml")
    assert near_files(Path("locusfile.py"), {".py"}) == "did you mean locustfile.py?"
    assert near_files(Path("load/gatway.toml"), {".toml"}) == "did you mean load/gateway.toml?"


def test_those_of_the_folder_where_none_is_near() -> None:
    write("a.toml", "b.toml", "c.toml", "d.toml", "e.toml", "pyproject.toml", "_f.toml", "g.py")
    os.mkfifo("h.toml")
    there = "there is a.toml, b.toml, c.toml and 2 more"
    assert near_files(Path("quite_another.toml"), {".toml"}) == there


def test_a_folder_that_has_none_or_is_not_there() -> None:
    write("empty/readme.txt")
    no_plan = "this folder has no .toml and no .py file, change to another one"
    assert near_files(Path("x.toml"), {".py", ".toml"}) == no_plan
    assert near_files(Path("empty/x.py"), {".py"}) == "empty has no .py file, change to another one"
    assert near_files(Path("gone/x.py"), {".py"}) == "there is no folder gone"


def test_a_plan_in_yaml_is_named_as_it_should_be() -> None:
    assert no_toml(Path("load/plan.yml")).startswith(
        "load/plan.yml: a plan is a TOML file, not YML: write it as load/plan.toml"
    )
