from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from loadtui.errors import UsageError
from loadtui.store import run_files, run_lock
from loadtui.store.final_files import write_final_files
from loadtui.store.run_list import BrokenRun, find, list_runs
from loadtui.store.stored_run import Run
from tests.support.run_writer import RunWriter

IDS = (
    "20261121-101502-gateway-0001",
    "20261122-101502-gateway-0002",
    "20261122-235900-rag-0003",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "runs"
    for run_id in IDS:
        writer = RunWriter(root / run_id)
        day, time = run_id[6:8], run_id[9:15]
        started = f"2026-11-{day}T{time[:2]}:{time[2:4]}:{time[4:]}Z"
        write_final_files(writer.folder, writer.manifest("finished", started=started), end_second=0)
    return root


def test_newest_first(root: Path) -> None:
    assert [run.id for run in list_runs(root)] == list(reversed(IDS))


def test_no_folder_no_runs(tmp_path: Path) -> None:
    assert list_runs(tmp_path / "nowhere") == []


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    with pytest.raises(UsageError, match="cannot be read"):
        list_runs(tmp_path / "runs")


def test_foreign_folders_and_files_are_left_out(root: Path) -> None:
    (root / "notes").mkdir()
    (root / "notes" / "todo.txt").write_text("")
    (root / "readme.md").write_text("")
    # A host that is only just starting has written no manifest yet.
    (root / "20261123-000000-gateway-ffff").mkdir()
    (root / "20261123-000000-gateway-ffff" / "spec.json").write_text("{}")
    assert len(list_runs(root)) == len(IDS)


def test_a_run_that_cannot_be_looked_into_takes_no_list_down(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of another user, or on a disk that fails."""
    (root / "lost+found").mkdir()
    closed = (root / IDS[1], root / "lost+found")
    real = os.stat

    def refuse(path: os.PathLike[str] | str | int, **more: Any) -> os.stat_result:
        if not isinstance(path, int) and Path(path).parent in closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, **more)

    (root / IDS[1] / run_files.MANIFEST).unlink()
    monkeypatch.setattr(os, "stat", refuse)
    listed = list_runs(root)
    assert {run.id for run in listed} == set(IDS)
    assert [run.id for run in listed if isinstance(run, BrokenRun)] == [IDS[1]]


def test_a_broken_run_is_listed_with_its_error(root: Path) -> None:
    (root / IDS[1] / run_files.MANIFEST).write_text("{")
    (root / IDS[0] / run_files.MANIFEST).unlink()
    broken = {run.id: run.error for run in list_runs(root) if isinstance(run, BrokenRun)}
    assert set(broken) == {IDS[0], IDS[1]}
    assert "no manifest.json" in broken[IDS[0]]
    assert "damaged" in broken[IDS[1]]


def test_a_running_run_is_listed_as_running(root: Path) -> None:
    writer = RunWriter(root / "20261123-000000-gateway-0004")
    fd = run_lock.hold_run(writer.folder)
    writer.manifest("running", started="2026-11-23T00:00:00Z")
    newest = list_runs(root)[0]
    assert isinstance(newest, Run)
    assert newest.manifest.state == "running"
    os.close(fd)


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        (IDS[0], IDS[0]),
        ("20261121", IDS[0]),
        ("20261122-1", IDS[1]),
        ("latest", IDS[2]),
    ],
)
def test_find(root: Path, ref: str, expected: str) -> None:
    assert find(root, ref).id == expected


def test_find_by_path(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find(tmp_path / "nowhere", str(root / IDS[1])).id == IDS[1]
    monkeypatch.chdir(root)
    assert find(tmp_path / "nowhere", IDS[1]).id == IDS[1]
    with pytest.raises(UsageError, match="not a run folder"):
        find(root, str(tmp_path / "else" / "where"))


def test_a_prefix_of_several_names_them(root: Path) -> None:
    with pytest.raises(UsageError, match="fits 2 runs") as caught:
        find(root, "20261122")
    assert IDS[1] in str(caught.value)
    assert IDS[2] in str(caught.value)
    assert IDS[0] not in str(caught.value)


@pytest.mark.parametrize(
    "ref", ["", "gateway", "20261122-101502-gateway-00021", ".", "..", "x" * 500]
)
def test_an_unknown_run_names_the_newest(root: Path, ref: str) -> None:
    with pytest.raises(UsageError, match=r"no run .*the newest are") as caught:
        find(root, ref)
    assert IDS[2] in str(caught.value)


@pytest.mark.parametrize("ref", ["a/\0", "/" + "x" * 500])
def test_a_path_nothing_can_have(root: Path, ref: str) -> None:
    with pytest.raises(UsageError):
        find(root, ref)


def test_no_runs_at_all(tmp_path: Path) -> None:
    for ref in ("latest", "2026"):
        with pytest.raises(UsageError, match="there are no runs in"):
            find(tmp_path, ref)


def test_latest_passes_over_broken_runs(root: Path) -> None:
    (root / IDS[2] / run_files.MANIFEST).write_text("{")
    assert find(root, "latest").id == IDS[1]
    with pytest.raises(UsageError, match="damaged"):
        find(root, IDS[2])
