"""`loadtui issue --close-resolved` closes only what a run proves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loadtui import __main__ as entry
from loadtui.plan.model import Threshold
from loadtui.store.manifest import WorkerRecord
from loadtui.store.manifest_file import write_manifest
from loadtui.store.run_folder import baselines_root
from loadtui.store.stored_run import Run
from loadtui.verdict.against_baseline import compare_with_baseline
from loadtui.verdict.promotion import promote
from tests.support.github_server import GitHub
from tests.support.judged_runs import baseline
from tests.support.stored_runs import Traffic, keep_run, plan

GOOD = {"GET /a": Traffic(100), "POST /b": Traffic(20, count=20)}
SLOW = {**GOOD, "GET /a": Traffic(300)}
BROKEN = {**GOOD, "POST /b": Traffic(20, count=20, failing=1)}
Keep = Callable[..., Run]
Out = pytest.CaptureFixture[str]


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    from loadtui.github.issue_tracker import IssueTracker

    quick = {**(IssueTracker.__init__.__kwdefaults__ or {}), "pause_s": None}
    monkeypatch.setattr(IssueTracker.__init__, "__kwdefaults__", quick)
    monkeypatch.chdir(tmp_path)
    with GitHub() as server:
        for name, value in server.environ().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    """Keeps a run of the project, an hour after the one before, compared unless told otherwise."""
    hours = 9

    def write(traffic: dict[str, Traffic] = GOOD, *, against: str = "", **fields: Any) -> Run:
        nonlocal hours
        hours += 1
        run = f"20261123-{hours:02d}0000-gateway-aaaa"
        given = {"plan": plan(), "started": f"2026-11-23T{hours:02d}:00:00Z", "seed": hours}
        folder = tmp_path / ".loadtui" / "runs" / run
        kept = keep_run(folder, traffic, run=run, **{**given, **fields})
        if against:
            path = baselines_root(tmp_path) / f"{against}.json"
            kept.manifest = compare_with_baseline(
                kept, path, others=[], project=tmp_path, strict=False
            )
            write_manifest(folder, kept.manifest)
        return kept

    return write


def closing(out: Out, *options: str) -> str:
    """What is said on standard error when the latest run is to close issues."""
    out.readouterr()
    assert entry.run(["issue", "--close-resolved", *options]) == 0
    said = out.readouterr().err
    assert said.count("\n") <= 1
    return said


def test_a_regression_is_over_when_the_same_rows_pass(
    github: GitHub, keep: Keep, capsys: Out, tmp_path: Path
) -> None:
    baseline(tmp_path, GOOD)
    promote(Run.open(tmp_path / "base"), baselines_root(tmp_path), name="other")
    slow = keep(SLOW, against="gateway")
    assert entry.run(["issue"]) == 0
    assert len(github.open_issues()) == 1

    scaled = plan(time_scale=0.05)
    for fields, why in (
        ({}, "baseline 'gateway', and run 20261123-110000-gateway-aaaa was compared with no"),
        ({"against": "other"}, "was compared with baseline 'other'"),
        ({"against": "gateway", "started": "2026-11-23T01:00:00Z"}, "started no later than run"),
        ({"against": "gateway", "plan": scaled, "fingerprint": "f2"}, "at time scale 1, and"),
        ({"fingerprint": "f2"}, "is another load than it is about"),
        ({"steered": True}, "users were changed by hand"),
    ):
        assert why in closing(capsys, keep(**fields).id), fields
    assert len(github.open_issues()) == 1

    good = keep(against="gateway")
    assert closing(capsys) == ""
    assert github.open_issues() == []
    assert f"Run `{good.id}` passes" in github.comments[1][-1]
    assert entry.run(["issue", slow.id]) == 0
    assert len(github.issues) == 1, "a run that was reported is not reported again"


def test_a_baseline_that_took_the_regression_in_proves_nothing(
    github: GitHub, keep: Keep, capsys: Out, tmp_path: Path
) -> None:
    baseline(tmp_path, GOOD)
    slow = keep(SLOW, against="gateway")
    assert entry.run(["issue"]) == 0
    promote(slow, baselines_root(tmp_path), name="gateway", replace=True, force=True)
    keep(SLOW, against="gateway")
    assert f"run {slow.id}, which it is about, is part of the baseline" in closing(capsys)


def test_thresholds_have_to_be_the_same(github: GitHub, keep: Keep, capsys: Out) -> None:
    def promised(*checks: str, **places: str) -> Any:
        return plan(thresholds=tuple(Threshold(check, **places) for check in checks))

    keep(SLOW, plan=promised("p95 < 200ms", endpoint="GET *"))
    assert entry.run(["issue"]) == 0
    keep(SLOW, plan=promised("p95 < 900ms", endpoint="GET *"))
    assert "did not judge p95 < 200ms (L1 · GET /a) again" in closing(capsys)
    keep({"POST /b": Traffic(20)}, plan=promised("max < 9s"))
    assert "did not judge p95 < 200ms (L1 · GET /a) again" in closing(capsys)
    keep(GOOD, plan=promised("p95 < 200ms", "max < 9s", endpoint="GET *"))
    assert closing(capsys) == ""
    assert github.open_issues() == []


def test_what_was_missing_is_there_again(github: GitHub, keep: Keep, capsys: Out) -> None:
    promise = plan(thresholds=(Threshold("p95 < 200ms", endpoint="PUT *", stage="L*"),))
    keep(GOOD, plan=promise)
    assert entry.run(["issue"]) == 0
    keep({**GOOD, "PUT /c": Traffic(30)}, plan=promise)
    assert closing(capsys) == ""
    assert github.open_issues() == []


def test_an_endpoint_that_always_failed_has_to_be_asked_again(
    github: GitHub, keep: Keep, capsys: Out
) -> None:
    keep(BROKEN)
    assert entry.run(["issue"]) == 0
    keep({"GET /a": Traffic(100)})
    assert "did not judge no endpoint fails always (POST /b) again" in closing(capsys)
    keep(GOOD)
    assert closing(capsys) == ""
    assert github.open_issues() == []


def test_runs_that_prove_nothing_say_so(github: GitHub, keep: Keep, capsys: Out) -> None:
    keep(BROKEN)
    assert entry.run(["issue"]) == 0
    keep(workers=[WorkerRecord(0, 1, "here", lost="killed")])
    assert entry.run(["issue", "--close-resolved"]) == 3
    assert "invalid" in capsys.readouterr().err
    interrupted = keep(judge=False)
    manifest = msgspec.structs.replace(interrupted.manifest, state="interrupted")
    write_manifest(interrupted.folder, manifest)
    assert entry.run(["issue", "--close-resolved"]) == 2
    assert "interrupted, not finished" in capsys.readouterr().err
    assert len(github.open_issues()) == 1


def test_an_issue_of_an_older_version_is_told_of(github: GitHub, keep: Keep, capsys: Out) -> None:
    keep(BROKEN)
    assert entry.run(["issue"]) == 0
    body = github.issues[0]["body"]
    github.issues[0]["body"] = body[: body.index("<!-- loadtui:report")]
    keep(GOOD)
    assert "it does not say which judgements it is about" in closing(capsys)
    assert len(github.open_issues()) == 1
