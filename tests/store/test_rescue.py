"""Runs whose own folder cannot be written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadtui.plan.model import Plan
from loadtui.store import run_lock
from loadtui.store.books import BEGUN, RECORDED, PageCounts, make_books, read_books
from loadtui.store.manifest import RUN_FORMAT, Manifest, Provenance
from loadtui.store.manifest_file import read_manifest
from loadtui.store.rescue import rescue_run, rescued
from loadtui.store.run_files import JOURNAL, MANIFEST

MADE = Manifest(
    format=RUN_FORMAT,
    run="20261123-101502-shop-3f2a",
    state="failed",
    provenance=Provenance("measured"),
    plan=Plan("shop", ("/shop.py",)),
    fingerprint="",
    started="",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path / "project" / "20261123-101502-shop-3f2a"


def test_the_books_come_along(folder: Path, tmp_path: Path) -> None:
    pages = make_books(tmp_path, 2)
    pages[1][BEGUN], pages[1][RECORDED] = 5, 3
    other, lock = rescue_run(folder, MADE, writes(b"journal"), pages)
    run_lock.release_run(other, lock)
    assert read_books(other) == [PageCounts(0, 0, 0), PageCounts(5, 3, 0)]


def writes(data: bytes):  # type: ignore[no-untyped-def]
    return lambda descriptor: os.write(descriptor, data)


def test_it_is_saved_elsewhere_and_found(folder: Path, tmp_path: Path) -> None:
    assert rescued(folder) is None
    other, lock = rescue_run(folder, MADE, writes(b"journal"))
    owned = run_lock.is_held(other)
    run_lock.release_run(other, lock)
    assert owned
    assert other == tmp_path / "state" / "loadtui" / "rescued" / folder.name
    assert read_manifest(other) == MADE
    assert (other / JOURNAL).read_bytes() == b"journal"
    assert rescued(folder) == other
    assert rescued(other) is None
    assert rescued(folder.with_name("another")) is None


def test_the_next_place_where_the_first_takes_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    other, lock = rescue_run(folder, MADE, writes(b"journal"))
    owned = run_lock.is_held(other)
    run_lock.release_run(other, lock)
    assert owned
    assert other.parent == tmp_path / f"loadtui-rescued-{os.getuid()}"
    assert rescued(folder) == other


def test_a_folder_of_another_user_s_making_is_left_alone(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / f"loadtui-rescued-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    other, lock = rescue_run(folder, MADE, writes(b"journal"))
    owned = run_lock.is_held(other)
    run_lock.release_run(other, lock)
    assert owned
    assert list((tmp_path / "elsewhere").iterdir()) == []
    for file in (MANIFEST, JOURNAL):
        (other / file).unlink()
    other.rmdir()


def test_looking_for_one_makes_no_folder(folder: Path, tmp_path: Path) -> None:
    assert rescued(folder) is None
    assert list(tmp_path.iterdir()) == []


def test_nowhere(folder: Path, tmp_path: Path) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        rescue_run(folder, MADE, full)
    assert rescued(folder) is None
    assert not list(tmp_path.rglob(MANIFEST))
    assert not list(tmp_path.rglob("*rescued*"))
