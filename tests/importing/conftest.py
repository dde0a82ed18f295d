"""Files to import, and a project to import them into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.importing.imported_run import store_imported_run
from loadtui.importing.run_sources import read_files
from loadtui.importing.source import ImportSource
from loadtui.store.stored_run import Run

DATA = Path(__file__).parent / "data"

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]


@pytest.fixture
def data() -> Path:
    """Files that other programs wrote."""
    return DATA


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """`written(name, text)` puts a file to import somewhere and gives its path."""

    def write(name: str, text: str | bytes) -> Path:
        path = tmp_path / "files" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def read(data: Path) -> Read:
    """The one run of some files: names of those in `data`, or paths."""

    def read_one(*files: str | Path) -> ImportSource:
        (source,) = read_files([data / file for file in files])
        return source

    return read_one


@pytest.fixture
def saved(tmp_path: Path, read: Read) -> SaveRun:
    """The same as a kept run of a project."""

    def keep_one(*files: str | Path, name: str | None = None) -> Run:
        return store_imported_run(read(*files), project=tmp_path, name=name)

    return keep_one
