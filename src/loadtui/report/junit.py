"""JUnit XML: each thing a run must meet, each threshold and each judged metric is a case.

The elements and attributes are those that both the schema of Ant's JUnit task and that of Jenkins'
xUnit plugin allow, in the order the stricter one (Ant's) wants.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from loadtui.printable_text import visible_text
from loadtui.report.account.account import Account
from loadtui.report.account.judgements import Judgement

_NO_TIME = "1970-01-01T00:00:00"


def junit_xml(accounts: Sequence[Account]) -> bytes:
    """A document with a suite for each account: errors are runs that cannot be trusted, skipped is
    what could not be decided; warnings pass, and stand in the suite's output."""
    root = Element("testsuites")
    for number, account in enumerate(accounts):
        _suite(root, number, account)
    ElementTree.indent(root)
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _suite(root: Element, number: int, account: Account) -> None:
    judgements = account.judgements
    suite = SubElement(
        root,
        "testsuite",
        {
            "name": _token(account.label),
            "package": "loadtui",
            "id": str(number),
            "timestamp": _timestamp(account.started),
            "hostname": _token(account.machine) or "localhost",
            "tests": str(len(judgements)),
            "failures": str(len(account.with_outcome("fail"))),
            "errors": str(len(account.with_outcome("error"))),
            "skipped": str(len(account.with_outcome("undecided"))),
            "time": f"{account.duration_s:.3f}",
        },
    )
    properties = SubElement(suite, "properties")
    for name, value in _properties(account):
        SubElement(properties, "property", {"name": name, "value": visible_text(value)})
    for judgement in judgements:
        _case(suite, account, judgement)
    SubElement(suite, "system-out").text = _output(account)
    SubElement(suite, "system-err").text = ""


def _properties(account: Account) -> list[tuple[str, str]]:
    """Where the numbers come from and whether they are valid, before anything else."""
    return [
        ("provenance", account.provenance),
        ("validity", account.validity),
        ("verdict", account.word),
        ("exit code", str(account.exit_code)),
        *((fact.label, fact.text) for fact in account.facts),
        *((f"metric {_token(fact.label)}", fact.text) for fact in account.metrics),
    ]


def _case(suite: Element, account: Account, judgement: Judgement) -> None:
    element = SubElement(
        suite,
        "testcase",
        {
            "classname": f"{_part(account.label)}.{_part(judgement.stage or 'whole run')}",
            "name": _token(_name(judgement)),
            "time": "0",
        },
    )
    text = visible_text(judgement.sentence)
    if judgement.outcome == "error":
        SubElement(element, "error", {"type": judgement.kind, "message": text}).text = text
    elif judgement.outcome == "fail":
        SubElement(element, "failure", {"type": judgement.kind, "message": text}).text = text
    elif judgement.outcome == "undecided":
        SubElement(element, "skipped", {"message": text})


def _part(text: str) -> str:
    """A part of a class name, which readers split at its dots."""
    return _token(text).replace(".", "_")


def _name(judgement: Judgement) -> str:
    return f"{judgement.name} [{judgement.endpoint}]" if judgement.endpoint else judgement.name


def _output(account: Account) -> str:
    warnings = [f"warning: {judgement.sentence}" for judgement in account.with_outcome("warning")]
    # The schemas give a case that passed no element to hold its number.
    passed = [f"passed: {judgement.sentence}" for judgement in account.with_outcome("pass")]
    lines = [
        account.headline,
        account.provenance,
        account.validity,
        account.outcome_counts,
        *warnings,
        *passed,
        *account.remarks,
        *account.differences,
    ]
    return "\n".join(visible_text(line) for line in lines)


def _token(text: str) -> str:
    """One line without double spaces, which attributes of the schema's type token cannot hold."""
    return " ".join(visible_text(text).split())


def _timestamp(started: str) -> str:
    """UTC without a zone, as the schema wants it."""
    try:
        moment = datetime.fromisoformat(started)
    except ValueError:
        return _NO_TIME
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
