"""`--percentiles`, and the project's own: what reports show."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from loadtui import __main__ as entry
from loadtui.store.stored_run import Run
from tests.support.judged_runs import GOOD
from tests.support.stored_runs import keep_run, plan

Out = pytest.CaptureFixture[str]
SETTINGS = '[tool.loadtui]\nruns = "."\n'


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    return keep_run(tmp_path / "good", GOOD, plan=plan())


def text_titles(text: str) -> list[str]:
    head = next(line for line in text.splitlines() if line.startswith("endpoint"))
    return head.split()[4:]


def test_without_a_choice_there_are_three(run: Run, capsys: Out) -> None:
    assert entry.run(["report", "good", "--format", "text"]) == 0
    assert text_titles(capsys.readouterr().out) == ["p50", "p95", "p99", "max"]


def test_every_format_shows_those_that_were_chosen(run: Run, capsys: Out) -> None:
    files = ["a.md", "a.json", "a.html", "a.txt"]
    options = [word for name in files for word in ("-o", name)]
    assert entry.run(["report", "good", *options, "--percentiles", "99.9,p75,90"]) == 0
    titles = ["p75", "p90", "p99.9", "max"]
    assert text_titles(Path("a.txt").read_text()) == titles
    assert f"| {' | '.join(titles)} |" in Path("a.md").read_text()
    assert [f">{title} ms</th>" in Path("a.html").read_text() for title in titles] == [True] * 4
    assert ">p95 ms</th>" not in Path("a.html").read_text()
    totals = json.loads(Path("a.json").read_text())["totals"]
    assert list(totals["percentiles"]) == titles[:3]
    assert totals["p50_ms"] <= totals["percentiles"]["p75"] <= totals["percentiles"]["p99.9"]
    assert totals["percentiles"]["p99.9"] <= totals["max_ms"]


def test_a_project_may_choose_for_all_its_runs(run: Run, capsys: Out) -> None:
    Path("pyproject.toml").write_text(f"{SETTINGS}percentiles = [50, 90]\n")
    assert entry.run(["runs", "show", "good"]) == 0
    assert text_titles(capsys.readouterr().out) == ["p50", "p90", "max"]
    assert entry.run(["runs", "show", "good", "--percentiles", "95"]) == 0
    assert text_titles(capsys.readouterr().out) == ["p95", "max"]


@pytest.mark.parametrize("text", ["100", "0", "fifty", "50,"])
def test_what_is_refused(text: str, run: Run, capsys: Out) -> None:
    assert entry.run(["report", "good", "--percentiles", text]) == 2
    sentence = "loadtui: error: --percentiles: found .* expected numbers above 0 and below 100"
    assert re.match(sentence, capsys.readouterr().err)
