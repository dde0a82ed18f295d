from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from loadtui.cli.status import command
from loadtui.errors import UsageError
from loadtui.report.plan_status_report import BEGIN, END


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.toml").write_text('locustfile = "shop.py"\n')
    (tmp_path / "shop.py").write_text("x = 1\n")
    (tmp_path / "README.md").write_text(f"# Shop\n{BEGIN}\n{END}\n")
    return tmp_path


def status(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, args, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.return_value, done.stdout


def test_forms(project: Path) -> None:
    assert "never executed" in status()[1]
    assert json.loads(status("--format", "json")[1])[0]["known"] == "never executed"
    assert status("--format", "md")[1].splitlines()[2].startswith("| shop | never executed |")


def test_a_document_is_checked_written_and_checked(project: Path) -> None:
    readme = project / "README.md"
    before = readme.read_text()
    assert status("--write", "README.md", "--check")[0] == 1
    assert readme.read_text() == before
    assert status("--write", "README.md")[0] == 0
    assert "never executed" in readme.read_text()
    assert status("--write", "README.md", "--check")[0] == 0


@pytest.mark.parametrize("text", ["# no markers\n", f"{END}\n{BEGIN}\n", f"{BEGIN}{BEGIN}{END}"])
def test_documents_without_a_place(project: Path, text: str) -> None:
    (project / "README.md").write_text(text)
    with pytest.raises(UsageError, match=r"the place|stands before"):
        status("--write", "README.md")
    assert (project / "README.md").read_text() == text


def test_check_needs_a_document(project: Path) -> None:
    with pytest.raises(UsageError, match="--write"):
        status("--check")
