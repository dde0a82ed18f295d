"""A made-up project for the workbench's screens, without a disk behind it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.github.issue_wording import IssueWording
from loadtui.issues.issue_draft import IssueDraft
from loadtui.samples.estimate import TOTAL, Key, builtin_quantity
from loadtui.store.comparison import Comparison, ComparisonRow, Side
from loadtui.tui.project import ProjectAccess
from loadtui.tui.project.comparisons import (
    ComparisonCurves,
    ComparisonResult,
    SideCandidate,
    SideRef,
    StagePair,
)
from loadtui.tui.project.issue_previews import IssuePreview
from loadtui.tui.project.plan_edits import StageEdits
from loadtui.tui.project.plan_rows import PlanRow
from loadtui.tui.project.run_rows import RunRow
from loadtui.tui.watched.moment import Moment
from loadtui.verdict.plan_history import HistoryRun, LevelChange, MetricHistory, PlanHistory
from loadtui.verdict.run_curves import SHARES, CurveSeries, PercentileCurve

LONG = "/a/name/that/is/much/longer/than/any/table/could/ever/show/on/a/screen/0123456789"


def run_row(at: int, plan: str = "gateway", **changes: object) -> RunRow:
    """The run of that number, the higher the later; 3f2a at the end of its id."""
    run = f"20261123-10{at:02d}02-{plan}-3f2a"
    values: dict[str, object] = {
        "folder": Path("runs") / run, "run": run, "plan": plan, "state": "finished",
        "provenance": "measured", "verdict": "pass", "started": f"2026-11-23T10:{at:02d}:02Z",
        "duration_s": 900.0, "requests": 1_041_203 + at,
    }  # fmt: skip
    return RunRow(**{**values, **changes})  # type: ignore[arg-type]


RUNS = (
    run_row(9, state="running", verdict="", active=True),
    run_row(8, verdict="fail"),
    run_row(7, plan="한국어 검색", provenance="simulated"),
    run_row(6, baseline="gateway"),
    run_row(5, verdict="invalid", invalid=True),
    run_row(4, state="broken", problem="manifest.json is not JSON; remove the run"),
)

PLANS = (
    PlanRow(
        Path("scenarios/gateway.toml"), "gateway", "10 → 50 → 100 users · 15:00",
        known="baseline", baseline="3 runs, 12 d old", runs=4, last=RUNS[1],
        host="http://127.0.0.1:8000",
        stages=(
            StageEdits("L1", "10", "1", "5m"),
            StageEdits("L2", "50", "5", "5m"),
            StageEdits("L3", "A=60, B=40", "10", "5m"),
        ),
        checks=("p95 < 2s (L3 POST /v1/chat/completions)", "error_rate < 1%"),
    ),
    PlanRow(Path("scenarios/한국어.toml"), "한국어 검색", "5 users · 01:00", known="simulated",
              runs=1, last=RUNS[2]),
    PlanRow(Path("broken.toml"), "broken", "", problem="broken.toml: stage[0]: no users"),
    PlanRow(Path("locustfile.py"), "locustfile", "the locustfile's own load"),
)  # fmt: skip


class FakePlans:
    def __init__(self) -> None:
        self.entries = list(PLANS)
        self.started: list[tuple[Path, object]] = []
        self.refusal = ""

    def plans(self):
        return self.entries

    def start(self, plan, changes):
        if self.refusal:
            raise UsageError(self.refusal)
        self.started.append((plan, changes))
        return Path("runs/new")

    def check(self, plan):
        if self.refusal:
            raise UsageError(self.refusal)
        return f"{plan.name} is ready to run as {plan.stem}: GatewayUser"


class FakeRuns:
    def __init__(self) -> None:
        self.entries = list(RUNS)
        self.promoted: list[tuple[Path, object]] = []
        self.exported: list[tuple[Path, Path]] = []
        self.removed: list[Path] = []
        self.refusal = ""

    def runs(self):
        return self.entries

    def promote(self, folder, how):
        if self.refusal:
            raise UsageError(self.refusal)
        self.promoted.append((folder, how))
        return "baselines/gateway.json holds 4 runs"

    def export_formats(self):
        return (".html", ".md", ".json")

    def export(self, folder, to):
        self.exported.append((folder, to))
        return f"written: {to}"

    def remove(self, folder):
        self.removed.append(folder)
        self.entries = [run for run in self.entries if run.folder != folder]


BASELINE = SideRef("baseline", "gateway", Path("baselines/gateway.json"))
OLD = SideRef("run", RUNS[3].run, RUNS[3].folder)
NEW = SideRef("run", RUNS[1].run, RUNS[1].folder)


def row(stage: str, endpoint: str, metric: str, word: str, **more: object) -> ComparisonRow:
    values: dict[str, object] = {
        "status": "pass", "scale": "log", "unit": "ms", "base": 392.0, "current": 512.0,
        "change": 0.267, "low": 0.11, "high": 0.42, "p": 0.001, "warn": 0.22, "fail": 0.405,
        "mde90": 0.34,
    }  # fmt: skip
    return ComparisonRow(stage, endpoint, metric, word, **{**values, **more})  # type: ignore[arg-type]


ROWS = [
    row("L3", "POST /v1/chat/completions", "p95", "regressed", status="fail", change=0.52,
        current=659.0),
    row("L2", "POST /query 한국어 검색", "error_rate", "regressed", status="warning",
        scale="fraction", unit="", base=0.001, current=0.004, change=0.003, low=0.001, high=0.005),
    row("L3", f"GET {LONG}", "rps", "inconclusive", status="warning", unit="/s", base=84.1,
        current=80.0, worse=-1, further_runs=3, high=0.5),
    row("L1", "GET /v1/models", "p99", "not comparable", status="warning", base=None,
        reason="users differ: 10, in the base 50", change=None, low=None, high=None),
    row("L1", "GET /v1/models", "p50", "improved", change=-0.3, current=301.0),
    row("L1", "GET /v1/models", "p95", "unchanged", change=0.01, current=396.0),
]  # fmt: skip


def _series(scale: float) -> CurveSeries:
    seconds = list(range(0, 100, 10))
    wave = [1 + 0.2 * math.sin(at / 15) for at in seconds]
    return CurveSeries(
        step_s=10, lead_s=20, seconds=seconds,
        rps=[80 * one / scale for one in wave], failures=[0.0] * 10,
        p50_ms=[110 * scale * one for one in wave], p95_ms=[400 * scale * one for one in wave],
        p99_ms=[900 * scale * one for one in wave],
    )  # fmt: skip


def _curve(scale: float) -> PercentileCurve:
    return PercentileCurve(SHARES, [scale * 40 * (1 + 3 * share**6) for share in SHARES])


class FakeComparer:
    def __init__(self) -> None:
        self.rows = list(ROWS)
        self.asked: list[tuple[SideRef, SideRef, bool]] = []
        self.drawn: list[tuple[str, str | None]] = []
        self.nothing = False
        self.refusal = ""

    def suggestion(self):
        return None if self.nothing else (OLD, NEW)

    def candidates(self):
        return [
            SideCandidate(BASELINE, "gateway", "baseline, 3 runs, measured"),
            SideCandidate(NEW, "gateway", "fail, measured"),
            SideCandidate(OLD, "gateway", "pass, measured"),
        ]

    def against_baseline(self, run):
        if run == RUNS[2].folder:
            raise UsageError("plan 한국어 검색 has no baseline: promote a run of it")
        return BASELINE, SideRef("run", run.name, run)

    def compare(self, base, run, any_load):
        self.asked.append((base, run, any_load))
        if self.refusal:
            raise UsageError(self.refusal)
        runs = ["a", "b", "c"] if base.kind == "baseline" else [base.name]
        comparison = Comparison(
            base=Side(base.name, base.kind, "gateway", "measured", runs),
            current=Side(run.name, "run", "gateway", "measured", [run.name]),
            verdict="fail", rows=self.rows, counts={"regressed": 2}, tests=5,
            differences=["host: box-2, in the base box-1", "workers: 2, in the base 1"],
            remarks=["base was interrupted after 812 s"],
            failures=["run did not meet p95 < 300ms for L3"],
        )  # fmt: skip
        errors = None if base.kind == "baseline" else ("12× POST /query: 503 Service Unavailable",)
        return ComparisonResult(base, run, comparison, errors, ("L1", "L2", "L3"))

    def draw(self, result, stage, endpoint):
        self.drawn.append((stage, endpoint))
        pairs = tuple(StagePair(name, _series(1.0), _series(1.3)) for name in result.stages)
        return ComparisonCurves(_curve(1.0), _curve(1.3), pairs)


class FakeRecorded:
    length = 300
    stages = (0, 100, 200)

    def __init__(self, moment: Callable[[int], Moment]) -> None:
        self._moment = moment
        self.asked: list[int] = []

    def moment(self, second):
        self.asked.append(second)
        return self._moment(second)


class FakeReplays:
    def __init__(self, recorded: FakeRecorded) -> None:
        self.one = recorded
        self.refusal = ""

    def recorded(self, folder):
        if self.refusal:
            raise UsageError(self.refusal)
        return self.one


class FakeScreenshots:
    def __init__(self) -> None:
        self.saved: list[tuple[str, str]] = []

    def save(self, name, svg):
        self.saved.append((name, svg))
        return Path(f".loadtui/pictures/{name}.svg")


HISTORY_RUNS = [f"20261122-10{at:02d}02-gateway-3f2a" for at in range(24)]


def course(
    stage: str, endpoint: str, metric: str, low: float, *changes: LevelChange
) -> MetricHistory:
    """Values that wave about `low`, and are a third higher from the sixteenth run on when there
    are changes."""
    values: list[float | None] = [
        low * (1 + 0.05 * math.sin(at)) * (1.33 if changes and at >= 15 else 1) for at in range(24)
    ]
    values[3] = None
    return MetricHistory(
        Key(stage, endpoint, metric), builtin_quantity(metric), values, list(changes)
    )


SLOWER = LevelChange(HISTORY_RUNS[15], 0.33, True, 0.00002)
FASTER = LevelChange(HISTORY_RUNS[8], -0.12, False, 0.0004)


def fake_history() -> PlanHistory:
    return PlanHistory(
        plan="gateway", provenance="measured", fingerprint="fp",
        runs=[HistoryRun(run, f"2026-11-22T10:{at:02d}:02Z", "0123abcdef", at in (2, 5, 9))
              for at, run in enumerate(HISTORY_RUNS)],
        metrics=[
            course("L1", TOTAL, "p95", 380.0),
            course("L1", TOTAL, "error_rate", 0.002),
            course("L1", "GET /v1/models", "p95", 20.0),
            course("L2", TOTAL, "p95", 410.0, FASTER),
            course("L2", "POST /query 한국어 검색", "p95", 640.0, FASTER, SLOWER),
            *(course("L3", f"GET {LONG}/{at}", "rps", 80.0 + at) for at in range(30)),
        ],
        left_out=["run 20261121-100002-gateway-3f2a is invalid"],
    )  # fmt: skip


class FakeHistories:
    def __init__(self) -> None:
        self.found = fake_history()
        self.refusal = ""

    def history(self, folder):
        if self.refusal:
            raise UsageError(self.refusal)
        return self.found


BODY = """> a sentence about the run

| | metric | value |
|---|---|---|
| ✗ failed | p95 at POST /query 한국어 검색 | 659 ms, was 434 ms (+52 %) |

### How to reproduce

    loadtui run gateway.toml --no-ui
"""


def draft_of(run: RunRow) -> IssueDraft:
    fails = run.verdict == "fail" or run.provenance != "measured"
    wording = IssueWording("gateway: performance regression, p95", BODY, "again", ("performance",))
    return IssueDraft(run.run, run.plan, run.folder, run.provenance, wording if fails else None,
                      "" if fails else f"Run `{run.run}` passes: 12 judgements.\n")  # fmt: skip


class FakeIssues:
    def __init__(self) -> None:
        self.published: list[IssueDraft] = []
        self.problem = ""
        self.refusal = ""

    def preview(self, folder):
        run = next(run for run in RUNS if run.folder == folder)
        if run.invalid:
            raise UsageError(f"run {run.run} is invalid and its numbers cannot be trusted")
        return IssuePreview(draft_of(run), "" if self.problem else "octo/shop", self.problem)

    def publish(self, draft, tell):
        tell("GitHub asks to wait: continuing in 2 s")
        if self.refusal:
            raise UsageError(self.refusal)
        self.published.append(draft)
        done = "opened" if draft.wording else "closed"
        return [f"{done} https://github.com/octo/shop/issues/7"]


def fake_project(moment: Callable[[int], Moment]) -> ProjectAccess:
    return ProjectAccess(
        plans=FakePlans(), runs=FakeRuns(), comparer=FakeComparer(),
        replays=FakeReplays(FakeRecorded(moment)), screenshots=FakeScreenshots(),
        histories=FakeHistories(), issues=FakeIssues(),
    )  # fmt: skip


async def settled(app, pilot):
    """Wait for what is done in threads, and for what they then ask for."""
    await pilot.pause()
    while any(w._thread_worker and not w.is_finished for w in app.workers):
        await asyncio.sleep(0.002)
        await pilot.pause()


def notes(app):
    return [note.message for note in app._notifications]
