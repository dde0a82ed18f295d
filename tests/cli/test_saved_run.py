"""The run that was followed, wherever it was saved."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from loadtui.cli.saved_run import saved_run
from tests.support.stored_runs import Traffic, keep_run

ID = "20261123-101502-shop-3f2a"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return keep_run(tmp_path / "runs" / ID, {"GET /a": Traffic()}, run=ID).folder


def test_in_its_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert saved_run(folder).folder == folder
    assert capsys.readouterr().err == ""


def test_elsewhere(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "state" / "loadtui" / "rescued" / ID
    shutil.copytree(folder, other)
    shutil.rmtree(folder)
    assert saved_run(folder).folder == other
    assert capsys.readouterr().err == (
        f"loadtui: warning: {folder} cannot be written; the run was saved in {other}\n"
    )
