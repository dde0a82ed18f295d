"""`loadtui comment`, against a server that plays GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loadtui import __main__ as entry
from loadtui.store.stored_run import Run
from tests.support.github_server import GitHub
from tests.support.stored_runs import Traffic, keep_run, plan

Keep = Callable[..., Run]
Out = pytest.CaptureFixture[str]


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_REF", "GITHUB_EVENT_PATH"):
        monkeypatch.delenv(name, raising=False)
    with GitHub() as server:
        for name, value in server.environ().items():
            monkeypatch.setenv(name, value)
        server.add_issue("a pull request", "", [])
        yield server


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    def write(number: int, p95_ms: float = 100, name: str = "gateway") -> Run:
        run = f"20261123-10{number:02d}00-{name}-aaaa"
        return keep_run(
            tmp_path / ".loadtui" / "runs" / run,
            {"GET /a": Traffic(p95_ms)},
            run=run,
            plan=plan(name=name),
            started=f"2026-11-23T10:{number:02d}:00Z",
        )

    return write


def comment(*args: str) -> int:
    return entry.run(["comment", *args])


def test_one_comment_which_the_next_job_replaces(
    github: GitHub, keep: Keep, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_REF", "refs/pull/1/merge")
    first = keep(1)
    assert comment() == 0
    [text] = github.comments[1]
    assert first.id in text
    assert "GET /a" in text
    assert capsys.readouterr().out.startswith("commented https://github.com/octo/shop/pull/1#")
    second = keep(2)
    assert comment() == 0
    [text] = github.comments[1]
    assert second.id in text
    assert first.id not in text
    assert capsys.readouterr().out.startswith("updated https://github.com/octo/shop/pull/1#")


def test_other_plans_have_a_comment_of_their_own(github: GitHub, keep: Keep) -> None:
    gateway, rag = keep(1), keep(2, name="rag")
    for runs in ([gateway.id], [rag.id], [gateway.id, rag.id], [rag.id]):
        assert comment(*runs, "--pull-request", "1") == 0
    assert len(github.comments[1]) == 3
    assert rag.id not in github.comments[1][0]
    assert gateway.id not in github.comments[1][1]
    assert gateway.id in github.comments[1][2]


def test_a_comment_that_somebody_else_wrote_is_left_alone(github: GitHub, keep: Keep) -> None:
    run = keep(1)
    assert comment("--pull-request", "1") == 0
    github.comments[1].insert(0, github.comments[1][0].replace(run.id, "my own words"))
    github.strangers = {(1, 0)}
    assert comment("--pull-request", "1") == 0
    theirs, ours = github.comments[1]
    assert "my own words" in theirs
    assert run.id in ours


def test_the_pull_request_of_the_job(
    github: GitHub, keep: Keep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(1)
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 1}}))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    monkeypatch.setenv("GITHUB_REF", "refs/heads/main")
    assert comment() == 0
    assert len(github.comments[1]) == 1


@pytest.mark.parametrize("event", [None, "", "[]", "{", '{"pull_request": 1}', "[" * 100_000])
def test_without_a_pull_request(
    github: GitHub,
    keep: Keep,
    capsys: Out,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    event: str | None,
) -> None:
    keep(1)
    if event is not None:
        (tmp_path / "event.json").write_text(event)
        monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))
    assert comment() == 2
    assert capsys.readouterr().err == (
        "loadtui: error: which pull request? neither GITHUB_REF nor GITHUB_EVENT_PATH says it; "
        "`loadtui comment --pull-request NUMBER` does\n"
    )
    assert github.asked == []


def test_a_dry_run_speaks_with_nobody(github: GitHub, keep: Keep, capsys: Out) -> None:
    run = keep(1)
    assert comment("--dry-run") == 0
    printed = capsys.readouterr().out
    assert printed.startswith("<!-- loadtui:comment plans=")
    assert run.id in printed
    assert github.asked == []


def test_a_token_that_may_not_write(github: GitHub, keep: Keep, capsys: Out) -> None:
    keep(1)
    github.refuse("POST", ".*/comments", 403)
    assert comment("--pull-request", "1") == 2
    error = capsys.readouterr().err
    assert "403 while commenting on pull request 1" in error
    assert len(error.splitlines()) == 1
