"""The comment of a pull request, before it is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.github.comment_marker import LONGEST_COMMENT
from loadtui.issues.pull_request_report import pull_request_report
from loadtui.report.account.subject import run_subject
from tests.support.stored_runs import Traffic, keep_run, plan


@pytest.mark.parametrize(("runs", "whole"), [(1, True), (60, False)])
def test_where_github_does_not_take_the_whole_it_has_the_verdicts(
    tmp_path: Path, runs: int, whole: bool
) -> None:
    traffic = {f"GET /{'a' * 20}/{number}": Traffic(100, count=2) for number in range(20)}
    run = keep_run(tmp_path / "20261123-100000-gateway-aaaa", traffic, plan=plan())
    report = pull_request_report([run_subject(run, tmp_path)] * runs)
    assert len(report.text) <= LONGEST_COMMENT
    assert ("/0" in report.text) == whole
    assert "PASS" in report.text
