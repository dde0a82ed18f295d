"""The sandbox: what is in it can be read and written, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.demo import sandbox as sandbox_module
from loadtui.demo.sandbox import MAX_TEXT, PathRefused, Sandbox


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    (tmp_path / "secret.txt").write_text("secret")
    root = tmp_path / "root"
    (root / "docs").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "README.md").write_text("read me")
    (root / "docs" / "guide.md").symlink_to(root / "README.md")
    (root / "out").symlink_to(tmp_path)
    (root / "out.txt").symlink_to(tmp_path / "secret.txt")
    (root / "new.txt").symlink_to(tmp_path / "not-there-yet.txt")
    (root / "round").symlink_to(root / "round")
    return Sandbox(root)


def test_reading_and_listing(sandbox: Sandbox) -> None:
    assert sandbox.read("README.md") == sandbox.read("docs/../README.md") == "read me"
    assert sandbox.read("docs/guide.md") == "read me", "a link within"
    assert sandbox.read(str(sandbox.root / "README.md")) == "read me"
    assert sandbox.names("docs") == ["guide.md"]
    assert sandbox.names(".") == ["README.md", "docs/", "new.txt", "out", "out.txt", "round"]


def test_writing(sandbox: Sandbox) -> None:
    assert sandbox.write("notes/deep/a.txt", "Grüße") == 7
    assert sandbox.read("notes/deep/a.txt") == "Grüße"
    sandbox.write("notes/deep/a.txt", "b")
    assert sandbox.read("notes/deep/a.txt") == "b"
    assert sandbox.names("notes/deep") == ["a.txt"]


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "docs/../../secret.txt",
        "/etc/passwd",
        "..",
        "out/secret.txt",
        "out.txt",
        "new.txt",
        "out/made.txt",
        "../root-beside/a.txt",
    ],
)
def test_no_path_leads_outside(sandbox: Sandbox, path: str) -> None:
    before = sorted(sandbox.root.parent.iterdir())
    for act in (
        lambda: sandbox.read(path),
        lambda: sandbox.write(path, "x"),
        lambda: sandbox.names(path),
    ):
        with pytest.raises(PathRefused, match="outside the sandbox"):
            act()
    assert sorted(sandbox.root.parent.iterdir()) == before
    assert (sandbox.root.parent / "secret.txt").read_text() == "secret"


@pytest.mark.parametrize("path", [".git/config", ".GIT/hooks/x", "docs/.git", "docs/.git/config"])
def test_the_repository_is_not_touched(sandbox: Sandbox, path: str) -> None:
    with pytest.raises(PathRefused, match="belongs to the repository"):
        sandbox.write(path, "[core]\nfsmonitor = touch /tmp/x")
    with pytest.raises(PathRefused, match="belongs to the repository"):
        sandbox.read(path)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nothing.txt", "No such file"),
        ("docs", "Is a directory"),
        ("a\0b", "null character"),
        ("x" * 5000, "too long|OSError"),
        ("round", "Refused|RuntimeError|OSError|Too many"),
    ],
)
def test_what_cannot_be_read(sandbox: Sandbox, path: str, said: str) -> None:
    with pytest.raises(PathRefused, match=said):
        sandbox.read(path)


def test_the_sandbox_does_not_grow_without_end(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PathRefused, match="more than 256000 bytes"):
        sandbox.write("big.txt", "x" * (MAX_TEXT + 1))
    monkeypatch.setattr(sandbox_module, "MAX_FILES", 2)
    sandbox.write("a", "1")
    sandbox.write("b", "1")
    sandbox.write("a", "2")
    with pytest.raises(PathRefused, match="no more than 2 new files"):
        sandbox.write("c", "1")
    (sandbox.root / "large.txt").write_text("x" * (MAX_TEXT + 1))
    with pytest.raises(PathRefused, match="more than"):
        sandbox.read("large.txt")
