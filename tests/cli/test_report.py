"""`loadtui report`, and the flags of `run` and `compare` that write the same."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from loadtui import __main__ as entry
from loadtui.cli.outputs import OutputFile, RunOutputs
from loadtui.errors import UsageError
from loadtui.store.manifest import Provenance
from loadtui.store.stored_run import Run
from tests.support.judged_runs import BROKEN, GOOD, SLOW, baseline, compared
from tests.support.stored_runs import keep_run, plan

Out = pytest.CaptureFixture[str]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LOADTUI_DEBUG", raising=False)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    (tmp_path / "pyproject.toml").write_text('[tool.loadtui]\nruns = "."\n')
    return tmp_path


@pytest.fixture
def broken(root: Path) -> Run:
    return keep_run(root / "broken", BROKEN, plan=plan())


def report(*args: str) -> int:
    return entry.run(["report", *args])


def test_a_failing_run_fails_in_every_form(root: Path, broken: Run, capsys: Out) -> None:
    names = ["a.md", "a.json", "a.xml", "a.html", "a.txt"]
    options = [word for name in names for word in ("-o", name)]
    Path("out").mkdir()
    assert report("broken", *options, "--csv", "out/x", "--github") == 1
    assert "# gateway: ✗ FAIL" in (root / "a.md").read_text()
    assert json.loads((root / "a.json").read_text())["exit_code"] == 1
    suite = ElementTree.parse(root / "a.xml").getroot()[0]
    assert suite.get("failures") == "1"
    assert "69.6" in (root / "a.html").read_text()
    assert "✗ FAIL" in (root / "a.txt").read_text()
    assert ",15500,10788," in (root / "out" / "x_stats.csv").read_text()
    out, err = capsys.readouterr()
    assert out.startswith("::error title=gateway%3A ✗ FAIL::")
    assert "69.6 %25" in out
    assert err == ""


def test_so_does_one_that_comes_back_from_locusts_csv(root: Path, broken: Run, capsys: Out) -> None:
    assert report("broken", "--csv", "c") == 1
    ends = ("stats", "stats_history", "failures", "exceptions")
    files = [f"c_{end}.csv" for end in ends]
    assert entry.run(["import", *files, "--name", "gateway", "--json", "back.json"]) == 1
    back = json.loads((root / "back.json").read_text())
    before = broken.manifest.totals
    assert (back["totals"]["requests"], back["totals"]["failures"]) == (
        before.requests,
        before.failures,
    )
    assert (back["provenance"], back["verdict"]) == ("imported", "fail")
    capsys.readouterr()
    assert report(back["run"], "-o", "b.md", "-o", "b.xml", "-o", "b.html", "--github") == 1
    assert "# gateway: ✗ FAIL on IMPORTED numbers\n" in (root / "b.md").read_text()
    suite = ElementTree.parse(root / "b.xml").getroot()[0]
    assert (suite.get("name"), suite.get("failures")) == ("gateway (IMPORTED)", "1")
    assert "69.6" in (root / "b.html").read_text()
    assert "69.6 %25" in capsys.readouterr().out
    # What Locust rounded and summed up is no ground for percentiles of its own.
    assert report(back["run"], "--csv", "again") == 2
    assert "has no samples" in capsys.readouterr().err


def test_markdown_is_what_is_printed(broken: Run, capsys: Out) -> None:
    assert report() == 1
    assert capsys.readouterr().out.startswith("# gateway: ✗ FAIL\n")
    assert report("broken", "--exit-zero", "-o", "-") == 0
    assert capsys.readouterr().out.startswith("# gateway: ✗ FAIL\n")
    assert report("broken", "--format", "junit") == 1
    assert capsys.readouterr().out.startswith("<?xml")


def test_the_format_overrides_the_name(root: Path, broken: Run) -> None:
    assert report("broken", "-o", "a.txt", "--format", "json") == 1
    assert json.loads((root / "a.txt").read_text())["run"] == "broken"


def test_several_runs(root: Path, broken: Run) -> None:
    keep_run(root / "good", GOOD, plan=plan())
    assert report("good", "broken", "good", "-o", "a.json", "-o", "a.xml", "--csv", "c") == 1
    assert [one["run"] for one in json.loads((root / "a.json").read_text())] == ["good", "broken"]
    assert len(ElementTree.parse(root / "a.xml").getroot()) == 2
    assert {path.name for path in root.glob("c_*_stats.csv")} == {
        "c_good_stats.csv",
        "c_broken_stats.csv",
    }


def test_the_baseline_may_be_another_or_none(root: Path, capsys: Out) -> None:
    baseline(root)
    run = compared(root, SLOW)
    same = keep_run(root / "same", SLOW, seed=3, plan=plan())
    assert report(run.id, "--format", "json") == 1
    assert json.loads(capsys.readouterr().out)["comparison"]["verdict"] == "fail"
    assert report(run.id, "--format", "json", "--baseline", same.id) == 0
    assert json.loads(capsys.readouterr().out)["comparison"]["base"]["name"] == "same"
    assert report(run.id, "--format", "json", "--no-baseline") == 0
    assert json.loads(capsys.readouterr().out)["comparison"] is None
    assert report("same", "--format", "json", "--baseline", "gateway") == 1


def test_the_step_summary(root: Path, broken: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(root / "summary.md"))
    assert report("broken", "--format", "github") == 1
    assert report("broken", "-o", "commands.log", "--format", "github", "--exit-zero") == 0
    assert (root / "summary.md").read_text().count("# gateway: ✗ FAIL\n") == 2
    assert (root / "commands.log").read_text().startswith("::error")


def test_what_csv_cannot_say_is_said(root: Path, capsys: Out) -> None:
    keep_run(root / "drawn", GOOD, plan=plan(), provenance=Provenance("simulated"))
    assert report("drawn", "--csv", "x") == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "loadtui: warning: x_stats.csv has no place to say that run drawn is SIMULATED\n"
    )


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (
            ["-o", "a.docx"],
            "-o a.docx: the end of its name says no format (known are .html, .htm, ",
        ),
        (["-o", "none/a.md"], "-o none/a.md: there is no folder none"),
        (["-o", "-", "-o", "-"], "-o -: standard output is taken by -o -"),
        (["--csv-full-history"], "--csv-full-history: give --csv PREFIX as well"),
        (["--baseline", "x", "--no-baseline"], "--no-baseline does not go with --baseline"),
        (["--strict"], "--strict goes with --baseline"),
        (["--baseline", "nothing"], "no baseline 'nothing'"),
        (["other"], "other"),
    ],
)
def test_bad_usage(broken: Run, capsys: Out, args: list[str], says: str) -> None:
    assert report(*args) == 2
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1


def test_what_can_be_written_is_written(root: Path, broken: Run) -> None:
    """A file that fails does not take the others with it."""
    (root / "full").symlink_to("/dev/full")
    assert report("broken", "-o", "full", "--format", "md", "-o", "a.md") == 2
    assert (root / "a.md").exists()


def test_compare_writes_the_same_forms(root: Path, broken: Run, capsys: Out) -> None:
    keep_run(root / "good", GOOD, plan=plan())
    files = ("-o", "c.md", "-o", "c.xml", "-o", "c.html", "-o", "c.json", "-o", "c.txt")
    assert entry.run(["compare", "good", "broken", *files]) == 1
    assert capsys.readouterr().out == ""
    assert "# broken against good: ✗ REGRESSED" in (root / "c.md").read_text()
    assert int(ElementTree.parse(root / "c.xml").getroot()[0].get("failures", "")) > 1
    assert json.loads((root / "c.json").read_text())["exit_code"] == 1
    assert (root / "c.html").read_text().startswith("<!doctype html>")
    assert (root / "c.txt").read_text().startswith("✗ REGRESSED · measured")
    assert entry.run(["compare", "good", "broken", "--format", "github"]) == 1
    assert capsys.readouterr().out.startswith("::error title=broken against good%3A ✗ REGRESSED::")


def test_a_run_writes_what_it_was_asked_for(root: Path, broken: Run, capsys: Out) -> None:
    outputs = RunOutputs(
        [
            OutputFile("junit", root / "r.xml", "--junit"),
            OutputFile("md", root / "r.md", "--markdown"),
            OutputFile("json", Path("-"), "--json"),
        ],
        csv_prefix=str(root / "r"),
        github=True,
    )
    outputs.check()
    assert outputs.options == ["--junit", "--markdown", "--json", "--csv", "--github"]
    outputs.write_runs([broken], several=False)
    out, err = capsys.readouterr()
    assert json.loads(out)["verdict"] == "fail"
    assert err.startswith("::error")
    assert {path.suffix for path in root.glob("r*.*")} == {".xml", ".md", ".csv"}
    two = RunOutputs(
        [OutputFile("json", Path("-"), "--json"), OutputFile("md", Path("-"), "--markdown")]
    )
    with pytest.raises(UsageError, match="--markdown -: standard output is taken by --json -"):
        two.check()
