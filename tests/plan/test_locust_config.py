"""Locust's configuration, read without Locust; check_locust_config compares it with Locust's."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.plan.locust_config import ConfiguredValue, config_lines, configured_value

VARIABLE = "LOCUST_LOCUSTFILE"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    here, home = tmp_path / "here", tmp_path / "home"
    here.mkdir()
    home.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(home))
    return here


def found(config: str | None = None) -> ConfiguredValue | None:
    return configured_value("locustfile", VARIABLE, config)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("locustfile = load/a.py", "load/a.py"),
        ("locustfile: a.py,b.py  # both", "a.py,b.py"),
        ("locustfile a.py", "a.py"),
        ('locustfile = "my file.py"', "my file.py"),
        ("locustfile=a#b.py", "a#b.py"),
        ("locustfile = [a.py, b.py]", ["a.py", "b.py"]),
        ('locustfile = ["a,b.py"]', ["a,b.py"]),
        ("locustfile =", ""),
        ("locustfile", "true"),
    ],
)
def test_ways_to_write_it(line: str, value: str | list[str]) -> None:
    lines = f"; old\n[locust]\n--- \n\n {line}\nusers = 3\n".splitlines()
    assert config_lines(lines) == {
        "locustfile": value,
        "users": "3",
    }


def test_what_goes_before_what(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found() is None
    home = folder.parent / "home" / ".locust.conf"
    home.write_text("locustfile = home.py\nlocustfile = later.py\n")
    assert found() == (["later.py"], str(home))
    (folder / "locust.conf").write_text("--locustfile = conf.py\n")
    assert found() == (["conf.py"], "locust.conf")
    (folder / "pyproject.toml").write_text('[tool.locust]\nlocustfile = ["p.py", "q.py"]\n')
    assert found() == (["p.py", "q.py"], "pyproject.toml")
    (folder / "named.conf").write_text("locustfile = named.py\n")
    assert found("named.conf") == (["named.py"], "named.conf")
    monkeypatch.setenv(VARIABLE, "env.py")
    assert found("named.conf") == (["env.py"], VARIABLE)


def test_other_tables_mean_nothing(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('locustfile = "a.py"\ntool.locust = 3\n')
    assert found() is None


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("locust.conf", "users = 3\n= 4\n", 'locust.conf: found "= 4", expected a line such as'),
        ("pyproject.toml", "[tool.locust\n", "pyproject.toml: not valid TOML: "),
        ("pyproject.toml", "a = " + "9" * 5000, "pyproject.toml: not valid TOML: a number has"),
        ("locust.conf", "locustfile = \udcff", "locust.conf: not valid UTF-8 text: "),
    ],
)
def test_files_that_cannot_be_read(folder: Path, name: str, text: str, says: str) -> None:
    (folder / name).write_text(text, errors="surrogateescape")
    with pytest.raises(UsageError, match="^" + says):
        found()


def test_a_named_file_has_to_be_there(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"^none\.conf: the config file cannot be read: No such"):
        found("none.conf")
