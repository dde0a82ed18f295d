"""Which locustfiles are meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.plan.locustfile_paths import (
    default_locustfiles,
    files_in,
    found_locustfiles,
    listed_paths,
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("a.py", "b.py", "load/one.py", "load/deep/two.py", "load/_common.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    return tmp_path


def test_lists() -> None:
    assert listed_paths(["a.py, b.py,", "my file.py"]) == ["a.py", "b.py", "my file.py"]


def test_folders_are_searched_as_locust_does(folder: Path) -> None:
    (folder / "load" / "folder.py").mkdir()
    assert files_in(folder / "load") == [folder / "load/one.py", folder / "load/deep/two.py"]
    assert found_locustfiles(["b.py", "load"]) == [
        str(folder / name) for name in ("b.py", "load/one.py", "load/deep/two.py")
    ]


def test_what_locust_would_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"there is no locustfile\.py in this folder"):
        default_locustfiles()
    (folder / "locustfile.py").write_text("")
    assert default_locustfiles() == ["locustfile.py"]
    (folder / "locust.conf").write_text("locustfile = a.py, load\n")
    assert default_locustfiles() == ["a.py", "load"]
    monkeypatch.setenv("LOCUST_LOCUSTFILE", "b.py")
    assert default_locustfiles() == ["b.py"]
    monkeypatch.setenv("LOCUST_LOCUSTFILE", "")
    assert default_locustfiles() == ["locustfile.py"]


def test_one_that_is_configured_and_not_there(folder: Path) -> None:
    (folder / "other.conf").write_text("locustfile = gone.py\n")
    with pytest.raises(UsageError, match=r"^other\.conf: gone\.py: no such locustfile; there is"):
        default_locustfiles("other.conf")
