"""What the end-to-end tests share: a folder to run in, and locustfiles in it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.support.command import Write


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The folder the command is given in."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def write(project: Path) -> Write:
    """`write(text, name)` puts a file into the project and gives its name, ready for a command."""

    def write(text: str, name: str = "locustfile.py") -> str:
        (project / name).write_text(dedent(text), encoding="utf-8")
        return name

    return write
