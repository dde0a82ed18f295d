"""What `loadtui doctor --json` writes."""

from __future__ import annotations

from typing import Any

import msgspec

from loadtui._version import __version__
from loadtui.doctor.finding import Finding, Level
from loadtui.doctor.self_test import SelfTest
from loadtui.document_schema import document_schema

VERSION = 1


class DoctorDocument(msgspec.Struct, frozen=True):
    """What would spoil a measurement on a machine."""

    version: int
    """Grows when a key changes its meaning or goes away; keys may come."""
    loadtui: str
    """Version of the program."""
    worst: Level
    """Of all findings."""
    findings: list[Finding]
    self_test: SelfTest | None
    """Null when it was left out, or failed, which is then a finding."""


def doctor_document(findings: list[Finding], self_test: SelfTest | None) -> DoctorDocument:
    return DoctorDocument(VERSION, __version__, worst_level(findings), findings, self_test)


def worst_level(findings: list[Finding]) -> Level:
    levels = {finding.level for finding in findings}
    return "problem" if "problem" in levels else "note" if "note" in levels else "ok"


def doctor_schema() -> dict[str, Any]:
    return document_schema(DoctorDocument, "What loadtui doctor found")
