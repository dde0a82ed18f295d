"""What a plan names is in every form of a report, and never silently undecided."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from loadtui.plan.model import Plan, Threshold, Tolerance
from loadtui.report.account.account import account_of_run
from loadtui.report.account.compared_rows import row_detail
from loadtui.report.account.subject import RunSubject, run_subject, uncompared_subject
from loadtui.report.formats import format_named
from loadtui.report.markdown.verdict_markdown import verdict_table
from loadtui.report.text.run_text import run_text
from loadtui.store.comparison import ComparisonRow
from tests.support.judged_runs import baseline, compared
from tests.support.stored_runs import Traffic, plan

FEW = {"GET /a": Traffic(100, count=2), "GET /b": Traffic(100, count=2)}
P99, P50 = ("L1", "GET /a", "p99"), ("L1", "GET /a", "p50")
REASON = "120 requests in the base and 120 requests in the run"
WHOLE = "1 metric that the plan names is undecided"


def names(undecided: str = "warn") -> Plan:
    tolerance = Tolerance("p99", fail="+50%", endpoint="GET /a", undecided=undecided)
    return plan(tolerances=(tolerance,), thresholds=(Threshold("p50 < 9s", endpoint="* /a"),))


def subject(project: Path, plan: Plan) -> RunSubject:
    baseline(project, FEW)
    return run_subject(compared(project, FEW, plan=plan), project)


def written(subject: RunSubject, name: str) -> str:
    return format_named(name).of_runs([subject], False).decode()


def row(subject: RunSubject, key: tuple[str, str, str]) -> ComparisonRow:
    assert subject.comparison is not None
    return next(row for row in subject.comparison.rows if row.key == key)


def test_a_saved_run_has_the_rows(tmp_path: Path) -> None:
    """Also those of what did not change."""
    found = subject(tmp_path, names())
    saved = found.run.manifest.comparison
    assert saved is not None
    assert {row.key for row in saved.rows if row.named} == {P50, P99}
    assert (row(found, P50).word, row(found, P99).word) == ("unchanged", "inconclusive")
    assert not any(row.named for row in saved.rows if row.endpoint != "GET /a")
    assert found.run.manifest.exit_code == 0, "without --strict it warns"


def test_text(tmp_path: Path) -> None:
    found = subject(tmp_path, names())
    text = run_text(found.run, 120, False)
    [p99] = [line for line in text.splitlines() if "p99" in line and "inconclusive" in line]
    entry = row(found, P99)
    assert entry.change is not None
    assert p99.count(" ms ") == 2
    assert "%" in p99
    assert any("= unchanged" in line and "p50" in line for line in text.splitlines())
    assert REASON in " ".join(text.split())
    assert f"! {WHOLE}" in text
    assert not any("GET /b" in line and "p99" in line for line in text.splitlines())


def test_markdown_has_it_unfolded(tmp_path: Path) -> None:
    found = subject(tmp_path, names())
    _, _, rest = written(found, "md").partition("## Named by the plan, and not decided (1)")
    section, _, others = rest.partition("## ")
    assert "<details>" not in section
    assert "`p99`" in section
    assert REASON in section
    assert " %" in section
    assert "Not decided" in others
    named = [line for line in verdict_table(account_of_run(found)) if "GET /a" in line]
    assert any("p50" in line and "passed" in line for line in named), "in an issue"
    assert any("p99" in line and "undecided" in line for line in named)


def test_html_shows_it_with_what_changed(tmp_path: Path) -> None:
    html = written(subject(tmp_path, names()), "html")
    shown = [part.partition("</tr>")[0] for part in html.split("<tr data-changed>")[1:]]
    undecided = [part for part in shown if "inconclusive" in part]
    assert [part for part in shown if "p50" in part and "unchanged" in part]
    assert len(undecided) == html.count("? inconclusive</td>") >= 4, "those not named, too"
    assert any("p99" in part and "GET /a" in part and " ms" in part for part in undecided)
    assert "only what changed, is undecided or is named by the plan" in html
    assert WHOLE in html


def test_junit_skips_it_and_says_so(tmp_path: Path) -> None:
    [suite] = ElementTree.fromstring(written(subject(tmp_path, names()), "junit"))
    cases = {case.get("name"): case for case in suite.findall("testcase")}
    skipped = cases["p99 [GET /a]"].find("skipped")
    assert skipped is not None
    assert REASON in (skipped.get("message") or "")
    assert "was 1" in (skipped.get("message") or ""), "its values"
    assert cases["p50 [GET /a]"].find("skipped") is None


def test_github_warns(tmp_path: Path) -> None:
    lines = written(subject(tmp_path, names()), "github").splitlines()
    [warning] = [line for line in lines if line.startswith("::warning title=gateway%3A p99")]
    assert REASON in warning
    assert sum("undecided" in line or "p99" in line for line in lines) == 2, "head and p99 of /a"


def test_json(tmp_path: Path) -> None:
    document = json.loads(written(subject(tmp_path, names()), "json"))
    rows = document["comparison"]["rows"]
    assert {row["metric"] for row in rows if row["named"]} == {"p50", "p99"}


def test_undecided_may_fail(tmp_path: Path) -> None:
    found = subject(tmp_path, names("fail"))
    manifest = found.run.manifest
    entry = row(found, P99)
    assert (entry.word, entry.status) == ("inconclusive", "fail")
    assert entry.reason.endswith("; the plan says that undecided fails")
    assert (manifest.exit_code, manifest.verdict) == (1, "fail")
    [suite] = ElementTree.fromstring(written(found, "junit"))
    failed = [
        case.get("name") for case in suite.findall("testcase") if len(case.findall("failure"))
    ]
    assert failed == ["p99 [GET /a]"]
    assert "::error title=gateway%3A p99" in written(found, "github")
    assert WHOLE not in written(found, "text")


@pytest.mark.parametrize("undecided", ["warn", "fail"])
def test_a_new_metric_is_told(tmp_path: Path, undecided: str) -> None:
    baseline(tmp_path, {"GET /b": Traffic(100)})
    found = run_subject(compared(tmp_path, FEW, plan=names(undecided)), tmp_path)
    assert "+ new: GET /a in L1" in written(found, "text")
    [suite] = ElementTree.fromstring(written(found, "junit"))
    assert "p99 [GET /a]" in {case.get("name") for case in suite.findall("testcase")}


def test_without_a_baseline_nothing_is_named(tmp_path: Path) -> None:
    found = uncompared_subject(subject(tmp_path, names()).run)
    assert found.comparison is None


def test_what_is_known_of_an_unbounded_change_is_told() -> None:
    row = ComparisonRow(
        *P99,
        word="inconclusive",
        status="warning",
        scale="log",
        reason="too few",
        fail=0.4,
        change=1.0,
        low=0.5,
        further_runs=2,
    )
    assert row_detail(row) == "too few; at least +65 %; 2 more runs would decide"
    other = msgspec.structs.replace(row, low=None, high=0.9, further_runs=None)
    assert row_detail(other) == "too few; up to +146 %"
