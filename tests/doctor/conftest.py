"""A machine made of files that a test writes, in place of /proc and /sys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.finding import Check, Finding

Look = Callable[..., Finding]


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, str], Path]:
    """`put("proc/meminfo", text)` writes a file of the machine."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / "machine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


@pytest.fixture
def machine(tmp_path: Path) -> ExaminedMachine:
    """One of which nothing is known yet."""
    (tmp_path / "machine").mkdir()
    return ExaminedMachine(root=tmp_path / "machine", env={}, runs=tmp_path / "runs")


@pytest.fixture
def look(machine: ExaminedMachine) -> Look:
    """`look(check, env=...)`: the one finding of a check of that machine."""

    def found(check: Check, **changes: Any) -> Finding:
        [finding] = check(replace(machine, **changes))
        # What is a note or a problem says what to do, unless nothing can be done.
        assert finding.remedy or finding.level != "problem"
        return finding

    return found
