"""A disk that fails while a run is running: nothing is lost, and other runs stay readable."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.support.command import Running, command
from tests.support.fake_host import serverless
from tests.support.mounted_disks import CannotMountError, ext4_disk, fill, shut_down, small_disk
from tests.support.waiting import wait_until

USER = """
    class Someone(ServerlessUser):
        count = 0

        @task
        def say(self):
            fire(self, "hello")
            Someone.count += 1
            Path("{counted}").write_text(str(Someone.count))
"""
RUN = ("run", "--no-ui", "locustfile.py", "-u", "4", "-r", "4", "-t", "60s", "--json", "-")


def write_locustfile(project: Path, counted: Path) -> None:
    text = serverless(USER).replace("{counted}", str(counted))
    (project / "locustfile.py").write_text(text)


def test_a_folder_that_is_removed(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    counted = tmp_path / "counted"
    write_locustfile(project, counted)
    with Running(project, *RUN, "--processes", "1") as run:
        run.until_running()
        wait_until(counted.exists, "a request")
        shutil.rmtree(run.folder)
        outcome = run.wait()
    assert outcome.code == 3
    document = outcome.document
    assert document["invalid_reasons"][-1:] == [
        "the run broke off: its folder was removed while it was running"
    ]
    assert document["totals"]["requests"] == int(counted.read_text())
    assert Path(document["folder"]).parent == tmp_path / "state" / "loadtui" / "rescued"
    assert "cannot be written; the run was saved in" in outcome.stderr
    shown = command(project, "runs", "show", document["run"])
    assert shown.code == 0, shown.stderr


@pytest.fixture
def failing_disk(tmp_path: Path) -> Iterator[Path]:
    """One that can be made to fail."""
    with _or_skip(ext4_disk(tmp_path)) as disk:
        yield disk


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """One that is soon full."""
    with _or_skip(small_disk(tmp_path)) as disk:
        yield disk


@contextlib.contextmanager
def _or_skip(mounted: AbstractContextManager[Path]) -> Iterator[Path]:
    with contextlib.ExitStack() as stack:
        try:
            disk = stack.enter_context(mounted)
        except CannotMountError as error:
            pytest.skip(str(error))
        yield disk


@pytest.mark.thorough
def test_a_disk_that_fails(
    failing_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    counted = tmp_path / "counted"
    write_locustfile(failing_disk, counted)
    with Running(failing_disk, *RUN, "--processes", "1") as run:
        run.until_running()
        wait_until(counted.exists, "a request")
        shut_down(failing_disk)
        outcome = run.wait()
    assert outcome.code == 3
    told = "the run broke off: its folder cannot be written (Input/output error)"
    assert f"stopping: {told}\n" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    document = outcome.document
    assert document["invalid_reasons"][-1] == told
    assert document["totals"]["requests"] == int(counted.read_text())
    assert Path(document["folder"]).parent == tmp_path / "state" / "loadtui" / "rescued"


@pytest.mark.thorough
def test_a_disk_that_becomes_full(full_disk: Path, tmp_path: Path) -> None:
    counted = tmp_path / "counted"
    write_locustfile(full_disk, counted)
    before = command(full_disk, *RUN[:-4], "-t", "1s")
    assert before.code in (0, 3), before.stderr
    counted.unlink()
    with Running(full_disk, *RUN, "--processes", "1") as run:
        wait_until(counted.exists, "a request")
        fill(full_disk / "filler")
        outcome = run.wait()
    assert outcome.code == 3
    reason = outcome.document["invalid_reasons"][-1]
    told = "the run broke off: the disk of the run's folder is full (No space"
    assert reason.startswith(told)
    assert f"stopping: {told}" in outcome.stderr
    assert outcome.document["totals"]["requests"] == int(counted.read_text())
    listed = command(full_disk, "runs", "list")
    assert listed.code == 0
    assert listed.stdout.count("locustfile") >= 2
    refused = command(full_disk, *RUN)
    assert refused.code == 2
    assert "and a run needs at least 16 MB" in refused.stderr
    (full_disk / "filler").unlink()
    assert command(full_disk, *RUN[:-4], "-t", "1s").code in (0, 3)
