"""Words that others wrote, through every output of saved runs: none of them raw."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadtui.__main__ import run
from loadtui.printable_text import drives_terminal
from loadtui.store.manifest import Mark
from loadtui.store.notes import save_notes
from tests.support.stored_runs import Traffic, keep_run, plan

HOSTILE = "a\x1b]0;owned\x07\x1b[31m\x9b2J\u202e\u2066\u200f\u2028\n::error::b\r"
RUN = "20261123-101502-gateway-0001"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a run whose plan, target, endpoints, stage, marks and notes are hostile."""
    (tmp_path / "pyproject.toml").write_text("[tool.loadtui]\n")
    saved = keep_run(
        tmp_path / ".loadtui" / "runs" / RUN,
        {f"GET /{HOSTILE}": Traffic(), "GET /b": Traffic(failing=0.5)},
        stages=[(HOSTILE, 20)],
        plan=plan(name=HOSTILE, host=f"http://{HOSTILE}"),
        marks=[Mark(3, "note", HOSTILE)],
    )
    save_notes(saved, note=HOSTILE, add_tags=["t\x1b[31m\u202e"])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOADTUI_DEBUG", "0")  # --debug sets it, for processes started later
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["runs", "list"],
        ["runs", "list", "--json"],
        ["runs", "show", RUN],
        ["runs", "show", RUN, "--json"],
        ["runs", "tag", RUN],
        ["compare", RUN, RUN],
        ["compare", RUN, RUN, "--json", "-"],
        ["status"],
        ["report", RUN, "--format", "text"],
        ["report", RUN, "--format", "json"],
        ["report", RUN, "--format", "markdown"],
        ["report", RUN, "--format", "html"],
        ["report", RUN, "--format", "junit"],
        ["report", RUN, "--github"],
        ["runs", "show", HOSTILE],
        ["run", f"{HOSTILE}.toml"],
        ["compare", HOSTILE, RUN],
        ["import", f"{HOSTILE}.json"],
        ["check", f"{HOSTILE}.toml", HOSTILE],
        ["check", f"{HOSTILE}.toml", HOSTILE, "--json"],
        ["--debug", "check", f"{HOSTILE}.toml"],
        [HOSTILE],
        ["runs", f"--{HOSTILE}"],
    ],
    ids=lambda arguments: " ".join(arguments).replace(HOSTILE, "HOSTILE"),
)
def test_nothing_drives_the_terminal(
    arguments: list[str], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    run(list(arguments))
    out, err = (part.decode() for part in capfdbinary.readouterr())
    assert out or err
    for text in (out, err):
        raw = {character for character in text if drives_terminal(character)}
        assert raw <= {"\n", "\t"}, sorted(map(ascii, raw))
        commands = [line for line in text.splitlines() if line.lstrip().startswith("::error::b")]
        assert commands == []


def test_json_still_means_the_same(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    run(["runs", "show", RUN, "--json"])
    document = json.loads(capfdbinary.readouterr().out)
    assert document["plan"] == HOSTILE
