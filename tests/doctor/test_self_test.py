"""What a short run says of a machine, in figures and in words."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from loadtui.doctor import self_test
from loadtui.doctor.self_test import (
    SelfTest,
    failed_self_test,
    of_document,
    run_self_test,
    self_test_findings,
)
from loadtui.errors import UsageError


def stages(rps: float, p99_ms: float = 0.9) -> dict[str, Any]:
    return {
        "light": {"measured": {"rps": 70.0, "p50_ms": 0.2, "p99_ms": p99_ms}},
        "full": {"measured": {"rps": rps, "p50_ms": 1.0, "p99_ms": 9.0}},
    }


@pytest.fixture(autouse=True)
def _four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test, "usable_cores", lambda: 4)
    monkeypatch.setattr(self_test, "default_processes", lambda: 3)


def test_what_is_reckoned_is_of_whole_cores_and_their_workers() -> None:
    done = of_document(stages(30_000.0), 0.75)
    assert done == SelfTest(30_000.0, 0.75, 40_000.0, 0.2, 0.9, 3, pytest.approx(108_000.0))


def test_the_words_give_two_digits_and_say_what_was_not_measured() -> None:
    latency, worker, machine = self_test_findings(of_document(stages(31_234.0), 0.96))
    assert {latency.level, worker.level, machine.level} == {"ok"}
    assert worker.found.startswith("one worker made 31 000 requests/s with 0.96 of a core")
    assert machine.found.startswith("with 4 cores about 88 000 requests/s: reckoned for 3 workers")


@pytest.mark.parametrize(("p99", "level"), [(0.9, "ok"), (8.0, "note"), (50.0, "problem")])
def test_a_slow_answer_that_takes_no_time_is_the_machines(p99: float, level: str) -> None:
    latency, *_ = self_test_findings(of_document(stages(1.0, p99), 0.9))
    assert latency.level == level


def test_a_worker_without_its_core_makes_the_figure_rough() -> None:
    found = list(self_test_findings(of_document(stages(2_000.0), 0.2)))
    assert [one.level for one in found] == ["ok", "note", "note"]
    assert "rough" in found[2].remedy
    assert of_document(stages(0.0), 0.0).rps_per_core == 0.0


def test_without_a_folder_for_it_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(UsageError, match="it cannot be set up") as refused:
        run_self_test()
    finding = failed_self_test(refused.value)
    assert (finding.level, str(tmp_path) in finding.found) == ("problem", True)


def test_without_a_target_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("true"))
    with pytest.raises(UsageError, match="its target ended"):
        run_self_test()
