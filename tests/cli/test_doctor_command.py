"""`loadtui doctor` on the real machine, with and without load."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from loadtui.__main__ import run
from loadtui.doctor.examination import CHECKS
from tests.support.command import command

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "doctor.schema.json"
NOUNS = ["processor", "memory", "network", "disk", "clock", "surroundings", "versions", "terminal"]


def test_every_noun_is_looked_at_and_the_code_is_that_of_the_worst(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code = run(["doctor", "--no-self-test", "--json", "found.json"])
    document = json.loads((tmp_path / "found.json").read_text())
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    findings = document["findings"]
    assert list(dict.fromkeys(one["noun"] for one in findings)) == NOUNS
    assert len(findings) >= len(CHECKS) - 6, "checks that cannot find out say nothing"
    worst = "problem" in {one["level"] for one in findings}
    assert (code, document["self_test"]) == (int(worst), None)
    shown = capfd.readouterr().out
    assert all(f"\n{noun}\n" in f"\n{shown}" for noun in NOUNS)
    assert not (tmp_path / ".loadtui").exists(), "nothing is made"


def test_a_folder_that_cannot_be_written_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["doctor", "--no-self-test", "--runs", "/proc/here", "--json", "-"]) == 1
    findings = json.loads(capfd.readouterr().out)["findings"]
    [disk] = [one for one in findings if (one["noun"], one["name"]) == ("disk", "runs")]
    assert (disk["level"], "--runs DIR" in disk["remedy"]) == ("problem", True)


def test_a_file_that_cannot_be_written_is_said_before(tmp_path: Path) -> None:
    outcome = command(tmp_path, "doctor", "--json", "no/such/folder/x.json")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "no/such/folder" in outcome.stderr


def test_the_self_test_runs_and_leaves_nothing(tmp_path: Path) -> None:
    state = tmp_path / "state"
    env = {
        "XDG_STATE_HOME": str(state),
        "LOADTUI_RUNS": str(tmp_path / "ours"),
        "LOCUST_USERS": "9",
    }
    outcome = command(tmp_path, "doctor", "--json", "-", env=env)
    done = outcome.document["self_test"]
    jsonschema.validate(outcome.document, json.loads(SCHEMA.read_text()))
    assert done is not None, outcome.stdout
    assert done["rps"] > 0
    assert 0 < done["worker_cores"] <= 1.5
    assert 0 < done["p50_ms"] <= done["p99_ms"]
    assert list(tmp_path.iterdir()) == []
