"""What is said of a run that was left running."""

from __future__ import annotations

from pathlib import Path

from loadtui.cli.left_running import left_running_text
from loadtui.samples.figures import Figures
from loadtui.store.manifest import ThresholdResult
from loadtui.wire.messages import Snapshot

FOLDER = Path(".loadtui/runs/20261123-101502-gateway-3f2a")


def snapshot() -> Snapshot:
    figures = Figures(
        requests=52_723, failures=211, error_rate=0.004, rps=140.0, bytes=1, mean_ms=120.0,
        p50_ms=112.0, p95_ms=480.4, p99_ms=1204.0, max_ms=2544.0,
    )  # fmt: skip
    return Snapshot(
        run=FOLDER.name, plan="gate\x1b[2Jway", target="", provenance="measured", state="running",
        folder=str(FOLDER), elapsed_s=372.0, duration_s=900.0, stage=1, stages=[], users=50,
        users_target=50, now=figures, totals=figures, endpoints=[], errors=[], error_kinds=0,
        exceptions=0, last_exception="", workers=[], in_flight=0, unfinished=0, bad_seconds=0,
        measured_seconds=300, invalid_reasons=["the load generator was the bottleneck"],
        thresholds=[
            ThresholdResult("p95 < 300ms", "L1", None, 480.4, "fail"),
            ThresholdResult("error_rate < 1%", None, None, 0.004, "pass"),
        ],
        steered=False, marks=[], point=None,
    )  # fmt: skip


def test_of_a_run_that_was_seen() -> None:
    said = left_running_text(FOLDER, snapshot()).splitlines()
    assert said[0] == (
        "gate\\x1b[2Jway after 06:12 of 15:00: 52 723 requests, 0.40 % failed, "
        "p50 112 ms, p95 480 ms"
    )
    assert said[1:4] == [
        "! becoming invalid: the load generator was the bottleneck",
        "✗ p95 < 300ms in L1",
        "No verdict yet: the run is not over.",
    ]
    assert said[4] == f"It is saved in {FOLDER}"
    assert f"`loadtui attach {FOLDER.name}`" in said[5]


def test_of_a_run_of_which_nothing_was_seen() -> None:
    assert len(left_running_text(FOLDER, None).splitlines()) == 2
