"""Finding runs that go on, from any folder."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.launch.running_runs import (
    find_running,
    point_to,
    running_runs,
    state_folder,
    wait_until_over,
)
from loadtui.store import run_lock

FIRST, SECOND = "20261123-101502-gateway-3f2a", "20261123-101503-rag-00ff"

Begin = Callable[[str], Path]


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Makes the folder of a run and owns it, as its host would."""
    held: list[int] = []

    def begin(run: str) -> Path:
        folder = tmp_path / "runs" / run
        folder.mkdir(parents=True)
        held.append(run_lock.hold_run(folder))
        point_to(run, folder)
        return folder

    yield begin
    for fd in held:
        os.close(fd)


def test_none() -> None:
    assert running_runs() == []
    with pytest.raises(UsageError, match=r"^no run is going on; `loadtui runs` lists"):
        find_running(None)


def test_the_only_one_needs_no_name(begin: Begin) -> None:
    folder = begin(FIRST)
    assert running_runs() == [folder]
    assert find_running(None) == folder


def test_several_have_to_be_named(begin: Begin) -> None:
    first, second = begin(FIRST), begin(SECOND)
    assert running_runs() == [second, first], "the newest comes first"
    with pytest.raises(UsageError, match=f"name one of them: {SECOND}, {FIRST}$"):
        find_running(None)
    assert find_running(FIRST) == first
    assert find_running("20261123-101503") == second
    with pytest.raises(UsageError, match="several runs are going on"):
        find_running("20261123")
    with pytest.raises(UsageError, match="no run 'nope' is going on"):
        find_running("nope")


def test_by_its_folder_even_without_a_pointer(begin: Begin, tmp_path: Path) -> None:
    folder = begin(FIRST)
    (state_folder() / FIRST).unlink()
    assert running_runs() == []
    assert find_running(str(folder)) == folder
    assert find_running(os.path.relpath(folder)) == folder


@pytest.mark.parametrize("ref", ["x" * 5000, "", "a/b/c"])
def test_what_cannot_be_a_run(ref: str) -> None:
    with pytest.raises(UsageError, match="is going on"):
        find_running(ref)


def test_pointers_to_runs_that_are_over_are_removed(begin: Begin, tmp_path: Path) -> None:
    folder = begin(FIRST)
    over = tmp_path / "runs" / SECOND
    over.mkdir()
    point_to(SECOND, over)
    point_to("gone", tmp_path / "removed")
    assert running_runs() == [folder]
    assert [path.name for path in state_folder().iterdir()] == [FIRST]


def test_without_a_writable_home_nothing_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    point_to(FIRST, tmp_path)
    assert running_runs() == []


def test_the_default_place_is_under_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_folder() == tmp_path / ".local" / "state" / "loadtui" / "running"


def test_waiting_for_the_end(tmp_path: Path) -> None:
    assert wait_until_over(tmp_path, 0), "nobody owns it"
    fd = run_lock.hold_run(tmp_path)
    began = time.monotonic()
    assert not wait_until_over(tmp_path, 0.1)
    assert time.monotonic() - began >= 0.1
    over = threading.Timer(0.1, run_lock.release_run, (tmp_path, fd))
    over.start()
    try:
        assert wait_until_over(tmp_path, 10)
    finally:
        over.join()
