"""GitHub's workflow commands and step summary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.report.account.account import Account, account_of_run
from loadtui.report.account.subject import run_subject, uncompared_subject
from loadtui.report.github_annotations import (
    SUMMARY_BYTES,
    append_step_summary,
    print_annotations,
    workflow_command,
)
from tests.support.judged_runs import BROKEN, GOOD, SLOW, STRANGE, baseline, compared, invalid
from tests.support.stored_runs import Traffic, keep_run, plan

COMMAND = re.compile(r"::(error|warning|notice) title=([^:,\r\n]*)::([^\r\n]*)")


def read(line: str) -> tuple[str, str, str]:
    """Level, title and message as a runner takes them."""
    found = COMMAND.fullmatch(line)
    assert found is not None, line
    title = found[2].replace("%3A", ":").replace("%2C", ",")
    return found[1], *(
        text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        for text in (title, found[3])
    )


def told(*accounts: Account) -> list[tuple[str, str, str]]:
    return [read(line) for line in print_annotations(accounts).splitlines()]


@given(st.text(), st.text())
@settings(max_examples=60)
def test_one_line_whatever_it_holds(title: str, message: str) -> None:
    _, found_title, found_message = read(workflow_command("error", title, message))
    if title.isprintable():
        assert found_title == title
    if message.isprintable():
        assert found_message == message


def test_a_regression(tmp_path: Path) -> None:
    baseline(tmp_path)
    account = account_of_run(run_subject(compared(tmp_path, SLOW), tmp_path))
    head, *rest = told(account)
    assert head[:2] == ("error", "gateway: ✗ FAIL")
    assert head[2].startswith("measured; valid; ")
    assert "3 failed, 10 passed; exit code 1" in head[2]
    assert [line[:2] for line in rest] == [
        ("error", f"gateway: {name} L1 · GET /a") for name in ("p50", "p95", "p99")
    ]
    assert "300 ms, was 101 ms; +" in rest[0][2]


def test_most_requests_failed_and_an_invalid_run(tmp_path: Path) -> None:
    broken = account_of_run(uncompared_subject(keep_run(tmp_path / "now", BROKEN, plan=plan())))
    unknown = account_of_run(run_subject(invalid(tmp_path), tmp_path))
    lines = told(broken, unknown)
    assert [line[1] for line in lines[:2]] == ["gateway: ✗ FAIL", "gateway: ✗ INVALID"]
    assert {line[0] for line in lines} == {"error"}
    assert "69.6 %" in lines[2][2]
    assert "12 requests were lost" in lines[1][2]


def test_a_pass_is_a_notice(tmp_path: Path) -> None:
    account = account_of_run(uncompared_subject(keep_run(tmp_path / "now", GOOD, plan=plan())))
    assert [line[:2] for line in told(account)] == [("notice", "gateway: ✓ PASS")]


def test_no_more_than_github_shows(tmp_path: Path) -> None:
    traffic = {f"GET /{number}": Traffic(20, failing=1.0) for number in range(30)}
    traffic[STRANGE] = Traffic(20, failing=1.0)
    account = account_of_run(uncompared_subject(keep_run(tmp_path / "now", traffic, plan=plan())))
    lines = told(account)
    assert len(lines) == 10
    assert lines[-1] == ("error", "loadtui", "24 more failures: see the report")


def test_the_step_summary_is_added_to(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    append_step_summary(path, "# whole", "# short")
    assert path.read_text() == "before\n# whole\n"
    append_step_summary(path, "x" * SUMMARY_BYTES, "# short")
    assert path.read_text() == "before\n# whole\n# short\n"
    with pytest.raises(UsageError, match="GITHUB_STEP_SUMMARY"):
        append_step_summary(tmp_path / "none" / "summary.md", "a", "b")
