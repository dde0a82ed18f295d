"""Only plain files are opened, and none that is too large."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from loadtui.plain_file import open_plain, read_plain


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "plain"
    path.write_bytes(b"hello")
    return path


def test_a_plain_file(plain: Path) -> None:
    with open_plain(plain) as file:
        assert file.read() == b"hello"
    assert read_plain(plain, 5) == b"hello"


def test_one_that_is_too_large(plain: Path) -> None:
    with pytest.raises(OSError, match="larger than 4e-06 MB, which no such file is"):
        read_plain(plain, 4)


def test_a_file_that_says_it_is_empty_is_read_no_further(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="larger than"):
        read_plain(Path("/proc/self/status"), 10)


def test_a_link_is_followed_only_where_it_may_be(plain: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(plain)
    with pytest.raises(OSError, match="it is a symbolic link, and links are not followed here"):
        read_plain(link, 100)
    assert read_plain(link, 100, follow=True) == b"hello"


def test_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for follow in (False, True):
        with pytest.raises(OSError, match="it is no plain file"):
            read_plain(tmp_path / "pipe", 100, follow=follow)


def test_sockets_folders_and_devices(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        for path in (tmp_path / "socket", tmp_path, Path("/dev/zero")):
            with pytest.raises(OSError, match="it is no plain file"):
                read_plain(path, 100)


def test_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_plain(tmp_path / "nothing", 100)
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    with pytest.raises(FileNotFoundError):
        read_plain(tmp_path / "dangling", 100, follow=True)


def test_nothing_stays_open(plain: Path, tmp_path: Path) -> None:
    before = len([*Path("/proc/self/fd").iterdir()])
    for path in (plain, tmp_path, Path("/dev/zero")):
        for most in (100, 2):
            try:
                read_plain(path, most)
            except OSError:
                continue
    assert len([*Path("/proc/self/fd").iterdir()]) == before
