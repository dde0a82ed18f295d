"""How many workers a machine, or the share of it that we were given, has room for."""

from __future__ import annotations

import os

import pytest

from loadtui.launch import cores


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Eight cores and no quota, unless a test says otherwise."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(cores, "cpu_quota", lambda: None)
    return monkeypatch


def test_all_but_one(machine: pytest.MonkeyPatch) -> None:
    assert (cores.usable_cores(), cores.default_processes()) == (8, 7)


def test_only_those_this_process_is_pinned_to(machine: pytest.MonkeyPatch) -> None:
    machine.setattr(os, "sched_getaffinity", lambda _: {2, 5})
    assert (cores.usable_cores(), cores.default_processes()) == (2, 1)


@pytest.mark.parametrize(
    ("quota", "usable", "workers"), [(0.5, 1, 1), (1.0, 1, 1), (2.5, 3, 2), (64.0, 8, 7)]
)
def test_no_more_than_the_quota(
    machine: pytest.MonkeyPatch, quota: float, usable: int, workers: int
) -> None:
    machine.setattr(cores, "cpu_quota", lambda: quota)
    assert (cores.usable_cores(), cores.default_processes()) == (usable, workers)


def test_a_system_without_affinity(machine: pytest.MonkeyPatch) -> None:
    machine.delattr(os, "sched_getaffinity")
    machine.setattr(os, "cpu_count", lambda: None)
    assert (cores.usable_cores(), cores.default_processes()) == (1, 1)
