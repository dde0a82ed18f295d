"""Versions against the ranges that are declared."""

from __future__ import annotations

import pytest

from loadtui.doctor import version_checks
from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.version_checks import packages, python, within


@pytest.mark.parametrize(
    ("found", "wanted", "holds"),
    [
        ("2.47.0", ">=2.47,<3", True),
        ("2.46.9", ">=2.47,<3", False),
        ("3.0.0", ">=2.47,<3", False),
        ("3.0.0rc1", "<3", False),
        ("10.0", ">=9", True),
        ("1.2", "==1.2.0", True),
        ("1.2", "!=1.2", False),
        ("25.9", ">24,<=25.9", True),
        ("1", "", True),
        ("1", "~=1.0", True),  # nothing that we declare
    ],
)
def test_ranges(found: str, wanted: str, holds: bool) -> None:
    assert within(found, wanted) is holds


def test_what_is_installed_for_the_tests_lies_in_its_ranges(machine: ExaminedMachine) -> None:
    found = {one.name: one for one in [*python(machine), *packages(machine)]}
    assert {one.level for one in found.values()} == {"ok"}
    assert {"loadtui", "Python", *version_checks.NAMED, "others"} == set(found)


def test_what_is_too_old_or_not_there_is_named_with_what_to_type(
    machine: ExaminedMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = [
        "polars>=900,<901",
        "no-such-package-here>=1",
        "textual[a]>=1",
        "x>=1; extra == 'y'",
    ]
    monkeypatch.setattr(version_checks, "requires", lambda _: declared)
    old, missing, textual = packages(machine)
    assert (old.level, old.command) == ("problem", "pip install 'polars>=900,<901'")
    assert (missing.found, missing.level) == ("not installed", "problem")
    assert (textual.name, textual.level) == ("textual", "ok")
