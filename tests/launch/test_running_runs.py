"""Finding runs that are running: of this project, and of others when they are asked for."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.launch.running_runs import (
    Wanted,
    find_running,
    point_to,
    running_matches,
    running_runs,
    state_folder,
    wait_until_over,
)
from loadtui.store import run_lock

FIRST, SECOND = "20261123-101502-gateway-3f2a", "20261123-101503-rag-00ff"

Begin = Callable[..., Path]


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Makes the folder of a run and owns it, as its host would."""
    held: list[int] = []

    def begin(run: str, project: str = "shop") -> Path:
        folder = tmp_path / project / "runs" / run
        folder.mkdir(parents=True)
        held.append(run_lock.hold_run(folder))
        point_to(run, folder)
        return folder

    yield begin
    for fd in held:
        os.close(fd)


@pytest.fixture
def find(tmp_path: Path) -> Callable[..., Path]:
    """What a command typed in the project `shop` acts on."""

    def find(ref: str | None, **options: object) -> Path:
        return find_running(Wanted(ref, tmp_path / "shop" / "runs", **options))  # type: ignore[arg-type]

    return find


def test_none(find: Callable[..., Path]) -> None:
    assert running_runs() == []
    with pytest.raises(UsageError, match=r"^no run is running; `loadtui runs` lists"):
        find(None)


def test_the_only_one_needs_no_name(begin: Begin, find: Callable[..., Path]) -> None:
    folder = begin(FIRST)
    assert running_runs() == [folder]
    assert find(None) == folder


def test_several_have_to_be_named(begin: Begin, find: Callable[..., Path]) -> None:
    first, second = begin(FIRST), begin(SECOND)
    assert running_runs() == [second, first], "the newest comes first"
    with pytest.raises(UsageError, match=f"name one of them: {SECOND}, {FIRST}$"):
        find(None)
    assert find(FIRST) == first
    assert find("20261123-101503") == second
    with pytest.raises(UsageError, match="several runs are running"):
        find("20261123")
    with pytest.raises(UsageError, match="no run 'nope' is running"):
        find("nope")


def test_a_run_of_another_project_needs_its_whole_id_its_folder_or_everywhere(
    begin: Begin, find: Callable[..., Path]
) -> None:
    other = begin(SECOND, "elsewhere")
    for ref in (None, SECOND[:-1], "2"):
        with pytest.raises(UsageError, match="running here") as caught:
            find(ref, form="stop RUN")
        for part in (str(other.parent), f"`loadtui stop {SECOND}`", "--everywhere"):
            assert part in str(caught.value)
        assert find(ref, everywhere=True) == other
    assert find(SECOND) == find(str(other)) == other


def test_the_one_here_goes_before_those_elsewhere(
    begin: Begin, find: Callable[..., Path], tmp_path: Path
) -> None:
    here, other = begin(FIRST), begin(SECOND, "elsewhere")
    for ref in (None, "20261123", FIRST):
        assert find(ref) == here
    with pytest.raises(UsageError, match=f"{SECOND} in {other.parent}, {FIRST} in {here.parent}$"):
        find(None, everywhere=True)
    (tmp_path / "link").symlink_to("shop")
    assert running_matches(Wanted(None, tmp_path / "link" / "runs")) == [here]


def test_by_its_folder_even_without_a_pointer(begin: Begin, find: Callable[..., Path]) -> None:
    folder = begin(FIRST)
    (state_folder() / FIRST).unlink()
    assert running_runs() == []
    assert find(str(folder)) == folder
    assert find(os.path.relpath(folder)) == folder


@pytest.mark.parametrize("ref", ["x" * 5000, "", "a/b/c"])
def test_what_cannot_be_a_run(find: Callable[..., Path], ref: str) -> None:
    with pytest.raises(UsageError, match="is running"):
        find(ref)


def test_pointers_to_runs_that_are_over_are_removed(begin: Begin, tmp_path: Path) -> None:
    folder = begin(FIRST)
    over = tmp_path / "shop" / "runs" / SECOND
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
