"""`loadtui runs`: the saved runs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loadtui import __main__ as entry
from loadtui.report.json.run_document import run_document
from loadtui.report.text.run_text import run_text
from loadtui.samples.bins import bin_of
from loadtui.store import run_files, run_lock
from loadtui.store.final_files import write_final_files
from loadtui.store.manifest_file import read_manifest
from loadtui.store.run_list import find
from tests.support.run_writer import RunWriter

Keep = Callable[..., RunWriter]
OLD, NEW = "20261122-090000-gateway-aaaa", "20261123-101502-rag-bbbb"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of runs of a project in which the commands are given."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.delenv("LOADTUI_DEBUG", raising=False)
    (tmp_path / "pyproject.toml").write_text('[tool.loadtui]\nruns = "kept"\n')
    return tmp_path / "kept"


@pytest.fixture
def keep(root: Path) -> Keep:
    def write(name: str, started: str, **fields: Any) -> RunWriter:
        writer = RunWriter(root / name)
        writer.stage("L1", 0, planned_s=10.0)
        writer.delta(
            endpoints=[(0, "GET", "/a")],
            cells=[0, 1, 3, bin_of(2000), 7],
            windows=[0, 1, 3, 7, 14000, 2000, 2000, 70],
            final=True,
        )
        writer.second(9)
        judged = {"exit_code": 0, "verdict": "pass", "duration_s": 10.5, "started": started}
        manifest = writer.manifest("finished", **{**judged, **fields})
        write_final_files(writer.folder, manifest, end_second=10)
        return writer

    return write


@pytest.fixture
def two(keep: Keep) -> tuple[RunWriter, RunWriter]:
    from loadtui.plan.model import Plan

    old = keep(OLD, "2026-11-22T09:00:00Z")
    new = keep(NEW, "2026-11-23T10:15:02Z", plan=Plan("rag", ("/rag.py",)), tags=["night"])
    return old, new


@pytest.mark.usefixtures("two")
class TestList:
    def test_json_is_an_array_newest_first(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert entry.run(["runs", "list", "--json"]) == 0
        rows = json.loads(capsys.readouterr().out)
        assert [row["run"] for row in rows] == [NEW, OLD]
        promised = {
            "run": NEW,
            "plan": "rag",
            "state": "finished",
            "provenance": "measured",
            "valid": True,
            "verdict": "pass",
            "started": "2026-11-23T10:15:02Z",
            "duration_s": 10.5,
            "requests": 7,
        }
        assert rows[0].items() >= promised.items()

    def test_text_is_a_line_a_run(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert entry.run(["runs"]) == 0
        head, *lines = capsys.readouterr().out.splitlines()
        assert head.split()[:3] == ["run", "result", "numbers"]
        assert [line.split()[0] for line in lines] == [NEW, OLD]
        assert "✓ pass" in lines[0]
        assert "measured" in lines[0]
        assert "#night" in lines[0]

    def test_at_80_columns_the_id_is_whole(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "80")
        assert entry.run(["runs", "list"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[1].split()[:4] == [NEW, "✓", "pass", "measured"]
        assert max(map(len, lines)) <= 80

    @pytest.mark.parametrize(
        ("options", "runs"),
        [
            (["--plan", "rag"], [NEW]),
            (["--plan", "gate*"], [OLD]),
            (["--limit", "1"], [NEW]),
            (["--plan", "nope"], []),
        ],
    )
    def test_narrowed(
        self, options: list[str], runs: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert entry.run(["runs", "--json", *options]) == 0
        assert [row["run"] for row in json.loads(capsys.readouterr().out)] == runs

    def test_a_broken_run_is_told_on_stderr(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (root / OLD / run_files.MANIFEST).write_text("{")
        assert entry.run(["runs", "list", "--json"]) == 0
        said = capsys.readouterr()
        assert [row["run"] for row in json.loads(said.out)] == [NEW]
        assert said.err.startswith("loadtui: warning: ")
        assert OLD in said.err

    def test_a_run_that_goes_on_has_no_verdict_yet(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        writer = RunWriter(root / "20261124-000000-live-cccc")
        writer.manifest("running", started="2026-11-24T00:00:00Z")
        fd = run_lock.hold_run(writer.folder)
        try:
            assert entry.run(["runs", "list", "--json"]) == 0
            row = json.loads(capsys.readouterr().out)[0]
            assert (row["state"], row["valid"], row["requests"]) == ("running", None, None)
            assert entry.run(["runs", "list"]) == 0
            assert "● running" in capsys.readouterr().out
            assert entry.run(["runs", "show", "20261124"]) == 2
            assert "loadtui attach" in capsys.readouterr().err
        finally:
            os.close(fd)


def test_no_runs_is_no_error(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["runs", "list", "--json"]) == 0
    assert capsys.readouterr().out == "[]\n"
    assert entry.run(["runs"]) == 0
    assert capsys.readouterr().err == f"No runs in {root}.\n"


@pytest.mark.usefixtures("two")
class TestShow:
    def test_same_text_as_at_the_end(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert entry.run(["runs", "show", OLD]) == 0
        assert capsys.readouterr().out == run_text(find(root, OLD), 140, False)

    def test_same_document_as_at_the_end(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert entry.run(["runs", "show", "latest", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == run_document(find(root, NEW))

    def test_latest_without_a_name(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert entry.run(["runs", "show"]) == 0
        assert f"loadtui runs show {NEW}" in capsys.readouterr().out

    def test_no_such_run(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert entry.run(["runs", "show", "nope"]) == 2
        assert NEW in capsys.readouterr().err


@pytest.mark.usefixtures("two")
class TestAnnotate:
    def test_note(self, root: Path) -> None:
        assert entry.run(["runs", "note", OLD, "after", "the fix"]) == 0
        assert read_manifest(root / OLD).note == "after the fix"
        assert entry.run(["runs", "note", OLD, ""]) == 0
        assert read_manifest(root / OLD).note == ""

    def test_tag(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert entry.run(["runs", "tag", NEW, "+baseline", "hotfix", "-night"]) == 0
        assert capsys.readouterr().out == "baseline\nhotfix\n"
        assert entry.run(["runs", "tag", NEW, "-hotfix"]) == 0
        assert read_manifest(root / NEW).tags == ["baseline"]


@pytest.mark.usefixtures("two")
class TestRemove:
    def test_without_a_terminal_it_does_not_ask(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert entry.run(["runs", "rm", OLD]) == 2
        assert "give -y" in capsys.readouterr().err
        assert (root / OLD).exists()
        assert entry.run(["runs", "rm", OLD, "-y"]) == 0
        assert not (root / OLD).exists()
        assert (root / NEW).exists()

    def test_a_broken_run_by_its_whole_id(self, root: Path) -> None:
        (root / OLD / run_files.MANIFEST).write_text("{")
        assert entry.run(["runs", "rm", "-y", OLD]) == 0
        assert not (root / OLD).exists()

    def test_a_running_one_is_refused(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        fd = run_lock.hold_run(root / OLD)
        try:
            assert entry.run(["runs", "rm", "-y", OLD]) == 2
        finally:
            os.close(fd)
        assert "still running" in capsys.readouterr().err
        assert (root / OLD).exists()

    def test_a_folder_elsewhere_is_left_alone(
        self, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (root / OLD).rename(tmp_path / "elsewhere")
        assert entry.run(["runs", "rm", "-y", str(tmp_path / "elsewhere")]) == 2
        assert "left alone" in capsys.readouterr().err
        assert (tmp_path / "elsewhere").exists()


@pytest.mark.usefixtures("two")
class TestVerify:
    def test_whole_runs(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert entry.run(["runs", "verify"]) == 0
        said = capsys.readouterr()
        assert (said.out, said.err) == ("", "2 runs are whole.\n")

    def test_a_changed_file(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with (root / OLD / run_files.SAMPLES).open("ab") as file:
            file.write(b"x")
        assert entry.run(["runs", "verify"]) == 2
        said = capsys.readouterr()
        assert f"{OLD}/{run_files.SAMPLES} is not what was written" in said.out
        assert said.err == "1 run is whole.\n"
        assert entry.run(["runs", "verify", NEW]) == 0
