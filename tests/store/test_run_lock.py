from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from loadtui.store import run_lock


def test_a_folder_nobody_ever_owned(tmp_path: Path) -> None:
    assert not run_lock.is_held(tmp_path)


def test_held_until_closed(tmp_path: Path) -> None:
    fd = run_lock.hold_run(tmp_path)
    assert run_lock.is_held(tmp_path)
    os.close(fd)
    assert not run_lock.is_held(tmp_path)


def test_a_second_owner_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_lock, "_WAIT_S", 0.0)
    fd = run_lock.hold_run(tmp_path)
    with pytest.raises(BlockingIOError):
        run_lock.hold_run(tmp_path)
    assert run_lock.is_held(tmp_path)
    os.close(fd)


def test_looking_does_not_take_the_lock(tmp_path: Path) -> None:
    os.close(run_lock.hold_run(tmp_path))
    assert not run_lock.is_held(tmp_path)
    os.close(run_lock.hold_run(tmp_path))


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from loadtui.store.run_lock import hold_run;"
        "hold_run(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert run_lock.is_held(tmp_path)
        process.kill()
        process.wait()
    assert not run_lock.is_held(tmp_path)


def test_released_it_leaves_nothing_behind(tmp_path: Path) -> None:
    run_lock.release_run(tmp_path, run_lock.hold_run(tmp_path))
    assert not run_lock.is_held(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_lock_on_a_removed_file_owns_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run_lock.hold_run(tmp_path)
    real = run_lock.fcntl.flock

    def flock(fd: int, how: int) -> None:
        # The owner before gives the folder back just after the file was opened.
        nonlocal before
        if before >= 0:
            run_lock.release_run(tmp_path, before)
            before = -1
        real(fd, how)

    monkeypatch.setattr(run_lock.fcntl, "flock", flock)
    fd = run_lock.hold_run(tmp_path)
    monkeypatch.undo()
    assert run_lock.is_held(tmp_path)
    os.close(fd)
