"""Disks that can be made to fail, for tests that root runs: a file system of their own each."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

_EXT4_SHUTDOWN, _WITHOUT_FLUSH = 0x8004587D, 2
"""EXT4_IOC_SHUTDOWN and one of its flags, of the kernel's fs/ext4/ext4.h."""


class CannotMountError(Exception):
    """Only root can mount a file system, and loop devices may be missing."""


@contextlib.contextmanager
def ext4_disk(folder: Path) -> Iterator[Path]:
    """Of 64 MB, below the folder; raises CannotMountError."""
    image, disk = folder / "image", folder / "disk"
    disk.mkdir()
    with image.open("wb") as file:
        file.truncate(64 << 20)
    with _mounted(disk, ["mkfs.ext4", "-q", image], ["mount", "-o", "loop", image, disk]):
        yield disk


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Of 24 MB, below the folder; raises CannotMountError."""
    disk = folder / "disk"
    disk.mkdir()
    with _mounted(disk, ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk]):
        yield disk


@contextlib.contextmanager
def _mounted(disk: Path, *commands: list[str | Path]) -> Iterator[None]:
    try:
        for command in commands:
            subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotMountError(str(error)) from error
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def shut_down(disk: Path) -> None:
    """Have the kernel answer everything on this ext4 with EIO, as when it is torn off."""
    descriptor = os.open(disk, os.O_RDONLY)
    fcntl.ioctl(descriptor, _EXT4_SHUTDOWN, struct.pack("I", _WITHOUT_FLUSH))
    os.close(descriptor)


def turn_read_only(disk: Path) -> None:
    """Have the kernel find an error on this ext4, after which nothing can be written there."""
    subprocess.run(["mount", "-o", "remount,errors=remount-ro", disk], check=True)
    device = disk.stat().st_dev
    block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}").resolve()
    Path("/sys/fs/ext4", block.name, "trigger_fs_error").write_text("1")


def fill(path: Path) -> None:
    """Write to a file until its disk is full."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while True:
            os.write(descriptor, bytes(1 << 16))
    os.close(descriptor)
