"""`loadtui runs pin`, `unpin`, `prune`, `export` and `import`."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui import __main__ as entry
from loadtui.store.run_folder import runs_root
from tests.support.stored_runs import Traffic, keep_run

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    names = [f"2026112{day}-101502-shop-3f2a" for day in (1, 2, 3)]
    for day, name in zip((1, 2, 3), names, strict=True):
        keep_run(
            runs_root(tmp_path) / name,
            {"GET /a": Traffic(count=1)},
            stages=(("L1", 1),),
            run=name,
            started=f"2026-11-2{day}T10:15:02Z",
        )
    return names


def left() -> list[str]:
    return sorted(path.name for path in runs_root(Path.cwd()).iterdir())


def test_pinned_runs_stay(runs: list[str], capsys: Capture) -> None:
    assert entry.run(["runs", "pin", runs[0]]) == 0
    assert entry.run(["runs", "prune", "--keep", "1", "--dry-run"]) == 0
    assert capsys.readouterr().out.split() == [runs[1]]
    assert left() == runs
    assert entry.run(["runs", "prune", "--keep", "1", "-y"]) == 0
    assert left() == [runs[0], runs[2]]
    assert entry.run(["runs", "unpin", runs[0]]) == 0
    assert entry.run(["runs", "prune", "--keep", "1", "-y"]) == 0
    assert left() == [runs[2]]


@pytest.mark.parametrize("arguments", [[], ["--older", "long"], ["--size", "big"], ["--keep", "1"]])
def test_nothing_is_removed_unless_it_is_clear(
    runs: list[str], arguments: list[str], capsys: Capture
) -> None:
    assert entry.run(["runs", "prune", *arguments]) == 2
    assert left() == runs
    assert capsys.readouterr().err.startswith("loadtui: error: ")


@pytest.mark.parametrize("age", ["30", "1.5"])
def test_an_age_needs_a_unit(runs: list[str], capsys: Capture, age: str) -> None:
    assert entry.run(["runs", "prune", "--older", age, "-y"]) == 2
    assert f"--older: {age} what? e.g. {age}d" in capsys.readouterr().err
    assert left() == runs


def test_runs_go_out_and_come_back(runs: list[str], capsys: Capture) -> None:
    assert entry.run(["runs", "export", runs[0], runs[1], "-o", "two.tar"]) == 0
    assert entry.run(["runs", "rm", "-y", *runs]) == 0
    assert entry.run(["runs", "import", "two.tar"]) == 0
    assert capsys.readouterr().out.split() == runs[:2]
    assert left() == runs[:2]


def test_what_was_done_to_a_run_is_said_and_listed(
    runs: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert entry.run(["runs", "pin", runs[0]]) == 0
    assert f"{runs[0]} is pinned" in capsys.readouterr().err
    assert entry.run(["runs", "note", runs[0], "a", "note"]) == 0
    assert f"the note of {runs[0]} is saved" in capsys.readouterr().err
    assert entry.run(["runs", "tag", runs[0]]) == 0
    assert capsys.readouterr().err == f"{runs[0]} has no tags\n"
    assert entry.run(["runs"]) == 0
    listed = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert listed[runs[0]].rstrip().endswith("pinned a note")
    assert "pinned" not in listed[runs[1]]
    assert entry.run(["runs", "unpin", runs[0]]) == 0
    assert f"{runs[0]} is not pinned" in capsys.readouterr().err
