"""A small baseline, as promoting two runs would make it."""

from __future__ import annotations

from loadtui.store.baseline import (
    BASELINE_FORMAT,
    Baseline,
    BaselineFigure,
    BaselineRun,
    BaselineStage,
)
from loadtui.store.manifest import Git


def _run(name: str, p95_ms: float, git: Git | None = None) -> BaselineRun:
    figures = {
        "p95": BaselineFigure(p95_ms, 0.02, 1_000),
        "error_rate": BaselineFigure(0.004, 0.001, 1_000),
    }
    stage = BaselineStage("L1", 10, 2, 60, {"GET /검색": figures})
    return BaselineRun(name, "2026-11-20T10:00:00Z", f"2026-11-21T10:0{name[-1]}:00Z", [stage], git)


def written_baseline() -> Baseline:
    commit = Git("0123456789abcdef", True)
    return Baseline(
        BASELINE_FORMAT,
        "gateway",
        "gateway",
        "measured",
        "f00d",
        [_run("run-1", 100.0), _run("run-2", 121.0, commit)],
    )
