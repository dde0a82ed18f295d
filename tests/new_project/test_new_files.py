"""All files are written, or none is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.new_project.new_files import ignore_text, refuse_existing, write_new_files


def test_files_and_their_folders(tmp_path: Path) -> None:
    write_new_files({tmp_path / "a.py": "a", tmp_path / "b" / "c" / "d.yml": "ü"})
    assert (tmp_path / "a.py").read_text() == "a"
    assert (tmp_path / "b" / "c" / "d.yml").read_text(encoding="utf-8") == "ü"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.py", "b", "c", "d.yml"]


def test_when_one_cannot_be_written_the_others_are_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("before")
    (tmp_path / "folder").mkdir()
    texts = {
        tmp_path / "a.py": "after",
        tmp_path / "new" / "b.py": "b",
        tmp_path / "folder": "c",
    }
    with pytest.raises(UsageError, match=r"folder cannot be written: .*no file was changed"):
        write_new_files(texts)
    assert (tmp_path / "a.py").read_text() == "before"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.py", "folder"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("before")
    (tmp_path / "link").symlink_to("real")
    write_new_files({tmp_path / "link": "after"})
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "after"


def test_what_is_there_is_refused(tmp_path: Path) -> None:
    refuse_existing([tmp_path / "a"], "")
    (tmp_path / "a").symlink_to("nowhere")
    with pytest.raises(UsageError, match="a is there already; go away"):
        refuse_existing([tmp_path / "a"], "go away")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ".loadtui/\n"),
        ("a", "a\n.loadtui/\n"),
        ("a\n.loadtui\n", None),
        ("/.loadtui/", None),
        ("*\n", None),
        ("a/.loadtui/b\n", "a/.loadtui/b\n.loadtui/\n"),
    ],
)
def test_what_git_ignores(tmp_path: Path, before: str, after: str | None) -> None:
    path = tmp_path / ".gitignore"
    assert ignore_text(path) == ".loadtui/\n"
    path.write_text(before)
    assert ignore_text(path) == after


def test_bytes_that_are_no_text_stay(tmp_path: Path) -> None:
    path = tmp_path / ".gitignore"
    path.write_bytes(b"\xff\xfe.txt\n")
    text = ignore_text(path)
    assert text is not None
    write_new_files({path: text})
    assert path.read_bytes() == b"\xff\xfe.txt\n.loadtui/\n"
