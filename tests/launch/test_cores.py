"""How many workers a machine, or the share of it that we were given, has room for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadtui.launch import cores


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Eight cores and no quota, unless a test says otherwise."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(cores, "_cgroup_quota", lambda: None)
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
    machine.setattr(cores, "_cgroup_quota", lambda: quota)
    assert (cores.usable_cores(), cores.default_processes()) == (usable, workers)


def test_a_system_without_affinity(machine: pytest.MonkeyPatch) -> None:
    machine.delattr(os, "sched_getaffinity")
    machine.setattr(os, "cpu_count", lambda: None)
    assert (cores.usable_cores(), cores.default_processes()) == (1, 1)


@pytest.mark.parametrize(
    ("text", "quota"),
    [("max 100000\n", None), ("150000 100000\n", 1.5), ("", None), ("odd\n", None)],
)
def test_a_quota_of_version_2(tmp_path: Path, text: str, quota: float | None) -> None:
    path = tmp_path / "cpu.max"
    path.write_text(text)
    assert cores._quota_v2(path) == quota


def test_no_quota_file(tmp_path: Path) -> None:
    assert cores._quota_v2(tmp_path / "cpu.max") is None
