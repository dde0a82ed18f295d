"""`loadtui issue`, against a server that plays GitHub."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loadtui import __main__ as entry
from loadtui.issues.regression_issue import LONGEST_BODY
from loadtui.plan.model import Tolerance
from loadtui.store.manifest import Git, Provenance, WorkerRecord
from loadtui.store.manifest_file import write_manifest
from loadtui.store.stored_run import Run
from loadtui.verdict.against_baseline import compare_with_baseline
from tests.support.github_server import REPOSITORY, TOKEN, GitHub
from tests.support.stored_runs import Traffic, keep_run, plan

GOOD = {"GET /a": Traffic(100), "POST /b": Traffic(20, count=10)}
BAD = {**GOOD, "GET /a": Traffic(100, failing=0.696)}
Keep = Callable[..., Run]
Out = pytest.CaptureFixture[str]


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.loadtui]\nruns = "kept"\n')
    with GitHub() as server:
        for name, value in server.environ().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    from loadtui.github.issue_tracker import IssueTracker

    quick = {**(IssueTracker.__init__.__kwdefaults__ or {}), "pause_s": None}
    monkeypatch.setattr(IssueTracker.__init__, "__kwdefaults__", quick)


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    count = 0

    def write(traffic: dict[str, Traffic] = GOOD, **fields: object) -> Run:
        nonlocal count
        count += 1
        run = f"20261123-10{count:02d}00-gateway-aaaa"
        fields.setdefault("started", f"2026-11-23T10:{count:02d}:00Z")
        fields.setdefault("git", Git("0123456789abcdef", dirty=False))
        return keep_run(tmp_path / "kept" / run, traffic, run=run, **{"plan": plan(), **fields})  # type: ignore[arg-type]

    return write


def issue(*args: str) -> int:
    return entry.run(["issue", *args])


@pytest.mark.parametrize("absent", ["github", "jwt"])
def test_without_pygithub_the_extra_is_named_and_the_text_saved(
    github: GitHub, keep: Keep, capsys: Out, monkeypatch: pytest.MonkeyPatch, absent: str
) -> None:
    run = keep(BAD)
    for module in [name for name in sys.modules if f"{name}.".startswith(("github.", "jwt."))]:
        monkeypatch.delitem(sys.modules, module)
    for module in ("issue_tracker", "rate_limits"):
        monkeypatch.delitem(sys.modules, f"loadtui.github.{module}", raising=False)
    monkeypatch.setitem(sys.modules, absent, None)
    assert issue() == 2
    error = capsys.readouterr().err
    assert f"{absent} is not installed: pip install 'loadtui[github]' (the issue's text" in error
    assert len(error.splitlines()) == 1
    assert [path for path in run.folder.iterdir() if "issue" in path.name] != []
    assert github.issues == []


def test_a_failing_run_opens_a_critical_issue(github: GitHub, keep: Keep, capsys: Out) -> None:
    run = keep(BAD)
    assert issue() == 0
    (opened,) = github.issues
    assert opened["title"].startswith("gateway: performance regression, ")
    labels = {label["name"] for label in opened["labels"]}
    assert labels == {"performance", "regression", "automated", "priority-critical"}
    body = opened["body"]
    for part in ("✗ failed", "error\\_rate", "0123456789abcdef", run.id, "loadtui run", "GET /a"):
        assert part in body.replace("`error_rate", "error\\_rate"), part
    assert capsys.readouterr().out == f"opened {opened['html_url']}\n"
    assert issue() == 0
    assert capsys.readouterr().out == f"reported before in {opened['html_url']}\n"
    assert github.comments[1] == []
    later = keep(BAD)
    for _ in range(2):
        assert issue() == 0
        assert issue(run.id) == 0
    [comment] = github.comments[1]
    assert comment.startswith(f"Seen again in run `{later.id}`.")
    assert len(github.issues) == 1


def test_a_pass_opens_none_and_closes_on_demand(github: GitHub, keep: Keep, capsys: Out) -> None:
    keep(BAD)
    issue()
    good = keep()
    assert issue() == 0
    assert len(github.open_issues()) == 1
    assert issue("--close-resolved") == 0
    assert github.open_issues() == []
    assert f"Run `{good.id}` passes" in github.comments[1][0]
    assert "closed https://github.com/" in capsys.readouterr().out
    assert issue("--close-resolved") == 0


@pytest.mark.parametrize("kind", ["simulated", "imported"])
def test_what_was_not_measured_needs_a_word_and_is_marked(
    github: GitHub, keep: Keep, capsys: Out, kind: str
) -> None:
    keep(BAD, provenance=Provenance(kind))  # type: ignore[arg-type]
    assert issue() == 2
    assert "--allow-simulated" in capsys.readouterr().err
    assert github.issues == []
    assert issue("--allow-simulated") == 0
    assert github.issues[0]["title"].startswith(f"[{kind.upper()}] ")
    assert f"**{kind.upper()}**" in github.issues[0]["body"]


def test_an_invalid_run_makes_no_issue(github: GitHub, keep: Keep, capsys: Out) -> None:
    keep(BAD, workers=[WorkerRecord(0, 1, "here", lost="killed")])
    assert issue() == 3
    assert "invalid" in capsys.readouterr().err
    assert github.asked == []


def test_dry_run_speaks_with_nobody(
    github: GitHub, keep: Keep, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    monkeypatch.setenv("GITHUB_RUN_ID", "77")
    keep(BAD)
    assert issue("--dry-run") == 0
    out = capsys.readouterr().out
    assert "labels: performance, regression, automated, priority-critical" in out
    assert f"https://github.com/{REPOSITORY}/actions/runs/77" in out
    assert github.asked == []


def test_a_refusal_keeps_the_text_and_not_the_token(
    github: GitHub, keep: Keep, capsys: Out, tmp_path: Path
) -> None:
    run = keep(BAD)
    github.refuse("POST", f"/repos/{REPOSITORY}/issues", 410, b'{"message": "gone"}')
    assert issue() == 2
    error = capsys.readouterr().err
    assert "switched off" in error
    assert error.count("\n") == 1
    kept = run.folder / "issue.md"
    assert str(kept) in error
    assert "performance regression" in kept.read_text()
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(TOKEN.encode() in path.read_bytes() for path in written)
    github.refuse("GET", f"/repos/{REPOSITORY}/issues", 404)
    assert issue("-o", "mine.md") == 2
    assert "mine.md" in capsys.readouterr().err
    assert (tmp_path / "mine.md").is_file()


def test_thousands_of_failing_endpoints_fit(github: GitHub, keep: Keep) -> None:
    keep({f"GET /{'x' * 80}/{number}": Traffic(10, 5, failing=1) for number in range(700)})
    assert issue() == 0
    body = github.issues[0]["body"]
    assert len(body) <= LONGEST_BODY + 100
    assert "more" in body


def test_names_stay_text(github: GitHub, keep: Keep) -> None:
    keep({"GET /<img src=x>|`@octo` --> #1\x1b[31m": Traffic(10, failing=1)})
    assert issue() == 0
    text = github.issues[0]["title"] + github.issues[0]["body"]
    assert "\x1b" not in text
    assert "GET /<img" not in text.replace("`` GET /<img", "").replace("``GET /<img", "")


def test_pygithub_is_not_loaded_without_need(github: GitHub, keep: Keep) -> None:
    keep(BAD)
    code = (
        "import sys; from loadtui import __main__ as m; m.run(['issue', '--dry-run']); "
        "sys.exit('github' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode
        == 0
    )


def test_what_the_libraries_log_is_not_printed(github: GitHub, keep: Keep) -> None:
    keep(BAD)
    github.refuse("GET", f"/repos/{REPOSITORY}/issues", 503)
    github.refuse("POST", f"/repos/{REPOSITORY}/issues", 403)
    given = subprocess.run(
        [sys.executable, "-m", "loadtui", "issue"], check=False, capture_output=True, text=True
    )
    assert given.returncode == 2
    assert given.stderr.startswith("loadtui: error: the token may not do this")
    assert given.stderr.count("\n") == 1


def test_what_was_not_decided_is_not_called_a_regression(
    github: GitHub, keep: Keep, capsys: Out, tmp_path: Path
) -> None:
    must = plan(tolerances=(Tolerance("p99", endpoint="POST /b", fail="+50%", undecided="fail"),))
    few = {"GET /a": Traffic(100), "POST /b": Traffic(20, count=1)}
    base = keep(few, plan=must)
    assert entry.run(["baseline", "promote", base.id]) == 0
    run = keep(few, plan=must)
    run.manifest = compare_with_baseline(
        run, tmp_path / "baselines" / "gateway.json", others=[], project=tmp_path, strict=False
    )
    write_manifest(run.folder, run.manifest)
    assert run.manifest.verdict == "fail"
    assert issue() == 0
    assert github.issues[0]["title"].startswith("gateway: undecided metrics, p99 at POST /b")
