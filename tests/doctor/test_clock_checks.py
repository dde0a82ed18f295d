"""Clocks: cost, truth and jumps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.doctor import clock_checks
from loadtui.doctor.clock_checks import source, steps, synchronised
from loadtui.doctor.examined_machine import ExaminedMachine
from loadtui.doctor.sampled_second import SampledSecond
from tests.doctor.conftest import Look

Put = Callable[[str, str], Path]
SOURCE = "sys/devices/system/clocksource/clocksource0/current_clocksource"


def test_a_source_is_judged_by_its_name_and_its_cost(
    put: Put, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_checks, "_cost_ns", lambda: 30.0)
    put(SOURCE, "tsc\n")
    assert (look(source).level, look(source).found) == ("ok", "tsc, 30 ns a reading")
    put(SOURCE, "hpet\n")
    assert look(source).level == "note"
    put(SOURCE, "tsc\n")
    monkeypatch.setattr(clock_checks, "_cost_ns", lambda: 2500.0)
    assert look(source).command.startswith("echo tsc | sudo tee")


def test_reading_a_clock_costs_something() -> None:
    assert 0 < clock_checks._cost_ns() < 1e6


def test_whether_the_clock_is_right(
    look: Look, machine: ExaminedMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert clock_checks._is_synchronised() in (True, False, None)
    for known, level in ((True, "ok"), (False, "note")):
        monkeypatch.setattr(clock_checks, "_is_synchronised", lambda known=known: known)
        assert look(synchronised).level == level
    monkeypatch.setattr(clock_checks, "_is_synchronised", lambda: None)
    assert list(synchronised(machine)) == []


@pytest.mark.parametrize(("moved", "level"), [(0.001, "ok"), (-0.5, "problem")])
def test_a_clock_that_is_set(look: Look, moved: float, level: str) -> None:
    finding = look(steps, second=SampledSecond(wall_against_monotonic_s=moved))
    assert finding.level == level
    assert f"{1000 * moved:+.1f} ms" in finding.found
