"""JUnit XML, as CI systems read it."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from xmlschema import XMLSchema, XMLSchemaValidationError

from loadtui.report.account.account import account_of_run
from loadtui.report.account.subject import run_subject, uncompared_subject
from loadtui.report.formats import format_named
from loadtui.report.junit import junit_xml
from loadtui.store.manifest import Provenance
from tests.support.judged_runs import BROKEN, GOOD, SLOW, STRANGE, baseline, compared, invalid
from tests.support.stored_runs import Traffic, keep_run, plan

SCHEMA = XMLSchema(str(Path(__file__).with_name("junit.xsd")))


def suites(data: bytes) -> list[ElementTree.Element]:
    SCHEMA.validate(data.decode())
    return list(ElementTree.fromstring(data))


def with_child(suite: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
    return [case for case in suite.findall("testcase") if case.find(tag) is not None]


def test_a_regression(tmp_path: Path) -> None:
    baseline(tmp_path)
    subject = run_subject(compared(tmp_path, SLOW), tmp_path)
    [suite] = suites(format_named("junit").of_runs([subject], False))
    cases = suite.findall("testcase")
    assert int(suite.get("tests", "")) == len(cases) == 13
    failed = with_child(suite, "failure")
    assert int(suite.get("failures", "")) == len(failed) == 3
    assert [case.get("name") for case in failed] == [f"{p} [GET /a]" for p in ("p50", "p95", "p99")]
    assert {case.get("classname") for case in failed} == {"gateway.L1"}
    assert "fails at +50 %" in failed[0].find("failure").get("message")
    assert (suite.get("errors"), suite.get("skipped")) == ("0", "0")
    assert (suite.get("timestamp"), suite.get("time")) == ("2026-11-23T10:15:02", "62.000")
    properties = {p.get("name"): p.get("value") for p in suite.find("properties")}
    assert list(properties)[:3] == ["provenance", "validity", "verdict"]
    said = suite.findtext("system-out").splitlines()
    passed = [line for line in said if line.startswith("passed: ")]
    assert "passed: the run is valid" in passed
    assert any(re.match(r"passed: rps \(L1 · GET /a\): [0-9.]+", line) for line in passed), passed
    assert (properties["provenance"], properties["exit code"]) == ("measured", "1")


def test_most_requests_failed(tmp_path: Path) -> None:
    subject = uncompared_subject(keep_run(tmp_path / "now", BROKEN, plan=plan()))
    [suite] = suites(junit_xml([account_of_run(subject)]))
    [failed] = with_child(suite, "failure")
    assert failed.get("name") == "error_rate < 1% [total]"
    assert failed.find("failure").text == "error_rate < 1% (total): 69.6 %; asked of every run"


def test_an_invalid_run_is_an_error_and_its_thresholds_are_skipped(tmp_path: Path) -> None:
    [suite] = suites(junit_xml([account_of_run(run_subject(invalid(tmp_path), tmp_path))]))
    [error] = with_child(suite, "error")
    assert error.find("error").get("message") == (
        "the run is valid: 12 requests were lost | on the <way>"
    )
    [skipped] = with_child(suite, "skipped")
    assert skipped.get("name") == "p95 < 2s [total]"
    assert (suite.get("failures"), suite.get("errors"), suite.get("skipped")) == ("0", "1", "1")


def test_what_is_inconclusive_is_skipped_with_its_reason(tmp_path: Path) -> None:
    few = {"GET /a": Traffic(100, count=1)}
    baseline(tmp_path, few)
    subject = run_subject(compared(tmp_path, few), tmp_path)
    [suite] = suites(junit_xml([account_of_run(subject)]))
    skipped = with_child(suite, "skipped")
    assert skipped
    assert all("inconclusive; " in case.find("skipped").get("message") for case in skipped)


def test_several_runs_and_strange_names(tmp_path: Path) -> None:
    runs = [
        keep_run(tmp_path / "one", GOOD, plan=plan()),
        keep_run(tmp_path / "two", {STRANGE: Traffic(20, failing=1.0)}, plan=plan(name="x.y  z")),
        keep_run(tmp_path / "three", GOOD, plan=plan(), provenance=Provenance("simulated")),
    ]
    parsed = suites(junit_xml([account_of_run(uncompared_subject(run)) for run in runs]))
    assert [suite.get("id") for suite in parsed] == ["0", "1", "2"]
    assert [suite.get("name") for suite in parsed] == ["gateway", "x.y z", "gateway (SIMULATED)"]
    always = with_child(parsed[1], "failure")[1]
    assert always.get("classname") == "x_y z.whole run"
    assert "\\x1b[31m" in always.get("name")
    assert "<img src=x" in always.find("failure").text
    assert parsed[2].find("system-out").text.startswith("gateway: ✓ PASS on SIMULATED numbers")


def test_the_schema_can_refuse() -> None:
    wrong = '<testsuites><testsuite id="0" name="a"/></testsuites>'
    with pytest.raises(XMLSchemaValidationError):
        SCHEMA.validate(wrong)
