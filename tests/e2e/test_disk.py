"""A disk that fails while a run is running: nothing is lost, and other runs stay readable."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import Running, command
from tests.support.fake_host import serverless
from tests.support.waiting import wait_until

_EXT4_SHUTDOWN, _WITHOUT_FLUSH = 0x8004587D, 2
"""EXT4_IOC_SHUTDOWN and one of its flags, of the kernel's fs/ext4/ext4.h."""
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
    image, disk = tmp_path / "image", tmp_path / "disk"
    disk.mkdir()
    with image.open("wb") as file:
        file.truncate(64 << 20)
    try:
        subprocess.run(["mkfs.ext4", "-q", image], check=True, capture_output=True)
        subprocess.run(["mount", "-o", "loop", image, disk], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a file system can be mounted by root only, and loop devices may be missing")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def shut_down(disk: Path) -> None:
    """Have the kernel answer everything on this disk with EIO, as when it is torn off."""
    descriptor = os.open(disk, os.O_RDONLY)
    fcntl.ioctl(descriptor, _EXT4_SHUTDOWN, struct.pack("I", _WITHOUT_FLUSH))
    os.close(descriptor)


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


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Of 24 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    try:
        subprocess.run(mounting, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a file system can be mounted by root only")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def fill(path: Path) -> None:
    """Write to a file until its disk is full."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while True:
            os.write(descriptor, bytes(1 << 16))
    os.close(descriptor)


@pytest.mark.thorough
def test_a_disk_that_becomes_full(small_disk: Path, tmp_path: Path) -> None:
    counted = tmp_path / "counted"
    write_locustfile(small_disk, counted)
    before = command(small_disk, *RUN[:-4], "-t", "1s")
    assert before.code in (0, 3), before.stderr
    counted.unlink()
    with Running(small_disk, *RUN, "--processes", "1") as run:
        wait_until(counted.exists, "a request")
        fill(small_disk / "filler")
        outcome = run.wait()
    assert outcome.code == 3
    reason = outcome.document["invalid_reasons"][-1]
    told = "the run broke off: the disk of the run's folder is full (No space"
    assert reason.startswith(told)
    assert f"stopping: {told}" in outcome.stderr
    assert outcome.document["totals"]["requests"] == int(counted.read_text())
    listed = command(small_disk, "runs", "list")
    assert listed.code == 0
    assert listed.stdout.count("locustfile") >= 2
    refused = command(small_disk, *RUN)
    assert refused.code == 2
    assert "and a run needs at least 16 MB" in refused.stderr
    (small_disk / "filler").unlink()
    assert command(small_disk, *RUN[:-4], "-t", "1s").code in (0, 3)
