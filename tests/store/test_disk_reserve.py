"""Room that a run holds on its disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.store import disk_reserve
from loadtui.store.disk_reserve import RESERVE, RESERVED, hold_reserve, release_reserve


def test_it_is_held_and_given_back(tmp_path: Path) -> None:
    hold_reserve(tmp_path)
    seen = (tmp_path / RESERVE).stat()
    assert seen.st_size == RESERVED
    assert seen.st_blocks * 512 >= RESERVED
    release_reserve(tmp_path)
    assert list(tmp_path.iterdir()) == []
    release_reserve(tmp_path)


def test_a_disk_with_too_little_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_reserve, "LEAST_FREE", 10**18)
    with pytest.raises(UsageError, match=r"has \d+ MB free, and a run needs at least 10{12} MB"):
        hold_reserve(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_that_reserves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "posix_fallocate", unsupported)
    hold_reserve(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_quota(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exceeded(*_: object) -> None:
        raise OSError(122, "Disk quota exceeded")

    monkeypatch.setattr(os, "posix_fallocate", exceeded)
    with pytest.raises(UsageError, match="less than 8 MB of room for a run: Disk quota exceeded"):
        hold_reserve(tmp_path)


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    (tmp_path / RESERVE).symlink_to(tmp_path / "precious")
    hold_reserve(tmp_path)
    assert (tmp_path / "precious").read_text() == "precious"
