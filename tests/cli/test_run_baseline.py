"""Which baseline a run is held against, and running again to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from loadtui import __main__ as entry
from loadtui.cli.run_baseline import BaselineChoice, baseline_for, codes_of, confirmed
from loadtui.errors import UsageError
from loadtui.report.json.run_document import run_document
from loadtui.report.text.run_text import run_text
from loadtui.store.manifest_file import write_manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.against_baseline import compare_with_baseline
from loadtui.verdict.promotion import promote
from tests.support.stored_runs import Traffic, keep_run, plan

GOOD, SLOW = {"GET /a": Traffic(100)}, {"GET /a": Traffic(250)}
WANTED = BaselineChoice(wanted=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def baseline(project: Path) -> Path:
    return promote(keep_run(project / "base", GOOD), project / "baselines").path


def compared(project: Path, baseline: Path, name: str, traffic: dict[str, Traffic]) -> Run:
    """A kept run that was held against the baseline by its host."""
    run = keep_run(project / name, traffic, seed=len(name))
    run.manifest = compare_with_baseline(run, baseline, others=[], project=project, strict=False)
    write_manifest(run.folder, run.manifest)
    return run


class TestChoice:
    def test_the_plans_own(self, baseline: Path) -> None:
        found = baseline_for(plan(), WANTED)
        assert found is not None
        assert (Path(found.baseline), found.strict, found.others) == (baseline, False, [])

    def test_none_is_made_up(self, project: Path) -> None:
        assert baseline_for(plan(), WANTED) is None
        assert baseline_for(plan(name=".hidden"), WANTED) is None

    @pytest.mark.usefixtures("baseline")
    def test_not_wanted(self) -> None:
        assert baseline_for(plan(), BaselineChoice()) is None

    def test_by_name_and_by_path(self, baseline: Path) -> None:
        for name in ("gateway", "baselines/gateway.json"):
            found = baseline_for(plan(name="other"), WANTED._replace(name=name, strict=True))
            assert found is not None
            assert (Path(found.baseline), found.strict) == (baseline, True)

    def test_one_that_is_named_has_to_be_there(self, project: Path) -> None:
        with pytest.raises(UsageError, match="there is no baseline 'nightly'"):
            baseline_for(plan(), WANTED._replace(name="nightly"))

    def test_a_damaged_one_is_refused_before_the_run(self, baseline: Path) -> None:
        baseline.write_text("{")
        with pytest.raises(UsageError, match=r"is damaged.*--no-baseline runs without"):
            baseline_for(plan(), WANTED)


class TestConfirm:
    def test_pass_needs_none(self, project: Path, baseline: Path) -> None:
        run = compared(project, baseline, "good", GOOD)
        assert confirmed(run, WANTED._replace(confirm=3), _never) == [run]

    def test_without_a_baseline_there_is_nothing_to_confirm(self, project: Path) -> None:
        run = keep_run(project / "alone", SLOW)
        assert confirmed(run, WANTED._replace(confirm=3), _never) == [run]

    def test_another_load_is_one_the_next_time_too(self, project: Path, baseline: Path) -> None:
        run = keep_run(project / "other", SLOW, fingerprint="f2")
        run.manifest = compare_with_baseline(
            run, baseline, others=[], project=project, strict=False
        )
        assert run.manifest.comparison is not None
        assert run.manifest.comparison.verdict == "not comparable"
        assert confirmed(run, WANTED._replace(confirm=3), _never) == [run]

    def test_each_run_is_judged_with_those_before(self, project: Path, baseline: Path) -> None:
        first = compared(project, baseline, "slow", SLOW)
        asked: list[list[Path]] = []

        def again(others: Sequence[Path]) -> Run:
            asked.append(list(others))
            return compared(project, baseline, f"more-{len(asked)}", GOOD)

        runs = confirmed(first, WANTED._replace(confirm=2), again)
        assert len(runs) == 3
        assert asked == [[first.folder], [first.folder, runs[1].folder]]

    def test_it_ends_with_a_run_that_says_nothing(self, project: Path, baseline: Path) -> None:
        first = compared(project, baseline, "slow", SLOW)
        silent = keep_run(project / "silent", GOOD)
        assert confirmed(first, WANTED._replace(confirm=5), lambda _: silent) == [first, silent]
        assert confirmed(first, WANTED._replace(confirm=5), lambda _: None) == [first]

    def test_the_last_run_carries_the_verdict(self, project: Path, baseline: Path) -> None:
        slow = compared(project, baseline, "slow", SLOW)
        good = compared(project, baseline, "good", GOOD)
        broken = keep_run(project / "broken", {"GET /a": Traffic(failing=0.5)})

        assert slow.manifest.exit_code == 1
        assert codes_of([slow, good]) == [0, 0]
        assert codes_of([broken, good]) == [1, 0]
        assert codes_of([good, slow]) == [0, 1]


class TestOptions:
    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--no-baseline", "--baseline", "x"], "--no-baseline does not go with --baseline"),
            (["--no-baseline", "--confirm", "2"], "--no-baseline does not go with --confirm"),
            (["--detach", "--confirm", "2"], "--confirm does not go with --detach"),
            (["--baseline", "nightly"], "there is no baseline 'nightly'"),
        ],
    )
    def test_refused_before_anything_runs(
        self, project: Path, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (project / "gateway.py").write_text("")
        assert entry.run(["run", "gateway.py", "--no-ui", *options]) == 2
        assert said in capsys.readouterr().err
        assert not (project / ".loadtui").exists()


def test_the_end_of_a_run_tells_what_changed(project: Path, baseline: Path) -> None:
    run = compared(project, baseline, "slow", SLOW)
    text = run_text(run, 120, False)
    assert "✗ REGRESSED · measured · slow against baseline gateway (1 run)" in text
    assert "✗ FAIL (exit code 1)" in text
    found = run_document(run)["comparison"]
    assert (found["verdict"], found["base"]["kind"]) == ("fail", "baseline")
    assert run_document(keep_run(project / "alone", GOOD))["comparison"] is None


def test_the_end_of_a_run_tells_why_it_was_not_compared(project: Path, baseline: Path) -> None:
    baseline.write_text("{")
    run = compared(project, baseline, "good", GOOD)
    assert "✗ not compared with the baseline:" in run_text(run, 120, False)
    assert run_document(run)["comparison_error"].endswith("--replace")


def _never(_: Sequence[Path]) -> Run:
    raise AssertionError("nothing is to be confirmed")
