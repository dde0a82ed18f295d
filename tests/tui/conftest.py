"""A made-up run, a feed that tells it, and the screen as a person reads it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

import pytest
from textual.app import App

from loadtui.samples.estimate import RPS, Key, builtin_quantity
from loadtui.samples.figures import Figures
from loadtui.store.manifest import Mark, ThresholdResult
from loadtui.tui.watched.feed import FeedEnded, Post, SnapshotArrived
from loadtui.tui.watched.reference import BaselineValues, Reference
from loadtui.verdict.metric_limits import MetricLimits
from loadtui.verdict.run_curves import CurveSeries
from loadtui.verdict.run_summary import MetricValues
from loadtui.wire.messages import (
    Command,
    EndpointRow,
    ErrorRow,
    MetricRow,
    Point,
    Reply,
    Snapshot,
    StageRow,
    TrendPoint,
    WorkerRow,
)

ENDPOINTS = (
    ("POST", "/v1/chat/completions"),
    ("GET", "/v1/models"),
    ("GET", "/health"),
    ("POST", "/query 한국어 검색"),
    ("GET", "/emoji/🚀/launch"),
    ("GET", "/a/name/that/is/much/longer/than/any/table/could/ever/show/on/a/screen/0123456789"),
)


class Story:
    """A run of three stages of 100 s; every number follows from the second."""

    stage_s = 100

    def point(self, second: int) -> Point:
        stage = min(2, second // self.stage_s)
        users = min((10, 50, 100)[stage], 10 + max(0, second - self.stage_s) * 5)
        load = users / 10
        wave = 1 + 0.1 * math.sin(second / 9)
        return Point(
            second=second, span=1, users=users, stage=stage, rps=users * 8.0 * wave,
            failures=0.0 if stage == 0 else 1.0, bytes=users * 11_000.0 * wave,
            p50_ms=40 + 8 * load * wave, p95_ms=120 + 30 * load * wave,
            p99_ms=300 + 70 * load * wave,
        )  # fmt: skip

    def points(self, end: int) -> tuple[Point, ...]:
        return tuple(self.point(second) for second in range(end))

    def figures(self, requests: int, failures: int, scale: float) -> Figures:
        return Figures(
            requests=requests, failures=failures, error_rate=failures / requests, rps=42.5,
            bytes=requests * 1400, mean_ms=130.2 * scale, p50_ms=112.0 * scale,
            p95_ms=480.4 * scale, p99_ms=1204.0 * scale, max_ms=2544.7 * scale,
        )  # fmt: skip

    def snapshot(self, second: int, **changes: object) -> Snapshot:
        point = self.point(second - 1)
        failing = point.stage > 0
        stages = [
            StageRow(name, users, float(self.stage_s), float(begin) if begin < second else None)
            for name, users, begin in (("L1", 10, 0), ("L2", 50, 100), ("L3", 100, 200))
        ]
        values: dict[str, object] = {
            "run": "20261123-101502-gateway-3f2a", "plan": "gateway",
            "target": "http://127.0.0.1:8000", "provenance": "measured", "state": "running",
            "folder": ".loadtui/runs/20261123-101502-gateway-3f2a", "elapsed_s": float(second),
            "duration_s": 300.0, "stage": point.stage, "stages": stages, "users": point.users,
            "users_target": stages[point.stage].users,
            "now": Figures(
                requests=round(point.rps * 10), failures=10 if failing else 0,
                error_rate=0.0042 if failing else 0.0, rps=point.rps,
                bytes=round(point.bytes * 10), mean_ms=point.p50_ms, p50_ms=point.p50_ms,
                p95_ms=point.p95_ms, p99_ms=point.p99_ms, max_ms=2000.0,
            ),
            "totals": self.figures(61_284, 31 if failing else 0, 0.9),
            "endpoints": [
                EndpointRow(
                    method, name,
                    self.figures(41_022 // (n + 1), 9 if failing and n == 0 else 0, 1 / (n + 1)),
                    point.rps / (n + 2),
                )
                for n, (method, name) in enumerate(ENDPOINTS)
            ],
            "errors": [
                ErrorRow("POST", "/query 한국어 검색", "HTTPError('503 Service Unavailable')",
                         12, 130.0, 170.0),
                ErrorRow("POST", "/v1/chat/completions", "ConnectionResetError(104)", 3, 120.0,
                         150.0),
            ] if failing else [],
            "error_kinds": 2 if failing else 0, "exceptions": 0, "last_exception": "",
            "workers": [
                WorkerRow(0, 4711, "running", 0.41, 0.01, 0.6, point.users // 2, 3),
                WorkerRow(1, 4712, "running", 0.38, 0.0, 0.5, point.users // 2, 3),
            ],
            "in_flight": 6, "unfinished": 0, "bad_seconds": 0, "measured_seconds": second,
            "invalid_reasons": [],
            "thresholds": [
                ThresholdResult("error_rate < 1%", "L1", None, 0.0, "pass"),
                ThresholdResult("p95 < 300ms", "L2", "POST /v1/chat/completions", 480.4,
                                "fail" if failing else "missing"),
            ],
            "steered": False, "marks": [], "point": point,
        }  # fmt: skip
        return Snapshot(**{**values, **changes})

    def streaming_points(self, end: int) -> tuple[Point, ...]:
        """Of a service that streams tokens."""
        points = self.points(end)
        for point in points:
            slow = (point.p50_ms or 0) / 2
            point.trends = {
                "ttft": TrendPoint(80, slow, slow * 2),
                "tokens_per_second": TrendPoint(80, 4000 / slow, 5000 / slow),
            }
        return points

    def streaming(self, second: int, **changes: object) -> Snapshot:
        """With custom metrics, marks, and what the stage came to so far."""
        snapshot = self.snapshot(second, **changes)
        chat, models = "POST /v1/chat/completions", "GET /v1/models"
        one = MetricValues(8000, mean=61.0, p50=58.0, p95=104.2, p99=190.0, max=400.0)
        two = MetricValues(8000, mean=84.0, p50=86.4, p95=110.0, p99=118.0, max=130.0)
        timeouts = MetricValues(900, hits=9, rate=0.01)
        latency = ("inter_token_latency", "ms", "lower")
        snapshot.metrics = [
            MetricRow("trend", "tokens_per_second", "tok/s", "higher", None, two, two, two),
            MetricRow("trend", "tokens_per_second", "tok/s", "higher", chat, two, two, two),
            MetricRow("trend", "ttft", "ms", "lower", None, one, one, one),
            MetricRow("trend", "ttft", "ms", "lower", chat, one, one, one),
            MetricRow("trend", *latency, None, one, one, one),
            MetricRow("trend", *latency, chat, one, one, one),
            MetricRow("trend", *latency, models, one, one, one),
            MetricRow("rate", "qdrant_timeout_rate", "", "lower", None, timeouts, timeouts),
            MetricRow("counter", "sandbox_violations", "", "lower", None, MetricValues(3),
                      MetricValues(0)),
        ]  # fmt: skip
        snapshot.marks = [
            Mark(45.0, "note", "deployed 1.4"), Mark(130.0, "users", "60 users, set by hand"),
        ]  # fmt: skip
        snapshot.measured = self.figures(20_000, 40, 1.0)
        for number, row in enumerate(snapshot.endpoints):
            row.measured = self.figures(6000 // (number * number + 1), 9, 1 / (number + 1))
        return snapshot

    def reference(self, **changes: object) -> Reference:
        """A baseline in which the total's p95 was 31 % lower."""
        limits = MetricLimits(math.log(1.25), math.log(1.5))
        usual = {}
        labels = [f"{method} {name}" for method, name in ENDPOINTS]
        for place, factor in zip(["(total)", *labels], (1, 2, 1.3, 1, 0.9, 1, 1), strict=True):
            scale = 1 if place == "(total)" else 1 / (labels.index(place) + 1)
            for metric, ms in (("p50", 112.0), ("p95", 480.4), ("p99", 1204.0)):
                quantity = builtin_quantity(metric)
                y = quantity.working(ms * scale / factor * 0.98)
                usual[Key("L2", place, metric)] = BaselineValues(y, quantity, limits)
        usual[Key("L2", "(total)", "rps")] = BaselineValues(
            math.log(44.0), RPS, MetricLimits(-math.log(0.9), -math.log(0.7))
        )
        seconds = list(range(0, 100, 10))
        curves = {
            name: CurveSeries(
                10, 10, seconds, rps=[load * 7.0] * 10, failures=[0.0] * 10,
                p50_ms=[35.0 + load] * 10, p95_ms=[90.0 + load * 2] * 10,
                p99_ms=[200.0 + load * 5] * 10,
            )
            for name, load in (("L1", 10), ("L2", 50), ("L3", 100))
        }  # fmt: skip
        values = {"name": "gateway", "runs": 3, "usual": usual, "curves": curves, **changes}
        return Reference(**values)

    def becoming_invalid(self, second: int) -> Snapshot:
        return self.snapshot(
            second,
            bad_seconds=21,
            invalid_reasons=["21 of 180 seconds were bad: worker 1 CPU above 90 %"],
            workers=[
                WorkerRow(0, 4711, "running", 0.41, 0.01, 0.6, 25, 3),
                WorkerRow(1, 4712, "running", 0.97, 0.24, 8.5, 25, 3),
            ],
        )

    def finished(self, verdict: str = "pass", exit_code: int = 0) -> Snapshot:
        return self.snapshot(
            300,
            state="finished",
            exit_code=exit_code,
            verdict=verdict,
            ended_because="all stages done",
            point=None,
        )


class FakeFeed:
    """Posts what a test tells it to, and remembers the commands."""

    def __init__(self, answer: Callable[[Command], Reply] | None = None) -> None:
        self.commands: list[Command] = []
        self.answer = answer or (lambda command: Reply(command.id))
        self._queue: asyncio.Queue[SnapshotArrived | FeedEnded] = asyncio.Queue()

    async def run(self, post: Post) -> None:
        while True:
            message = await self._queue.get()
            post(message)
            self._queue.task_done()
            if isinstance(message, FeedEnded):
                return

    async def tell(self, message: SnapshotArrived | FeedEnded) -> None:
        self._queue.put_nowait(message)
        await self._queue.join()

    async def command(self, do, *, users=None, text="", now=False) -> Reply:
        command = Command(len(self.commands) + 1, do, users=users, text=text, now=now)
        self.commands.append(command)
        return self.answer(command)


def screen_text(app: App) -> str:
    """What stands on the screen, line by line, without trailing blanks."""
    lines = []
    for strip in app.screen._compositor.render_strips():
        lines.append("".join(segment.text for segment in strip).rstrip())
    return "\n".join(lines)


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def feed() -> FakeFeed:
    return FakeFeed()


@pytest.fixture
def see():
    return screen_text


@pytest.fixture
def tell(story, feed):
    """Let the feed bring the snapshot of a second (or a given one) with its points."""

    async def told(pilot, second: int, snapshot: Snapshot | None = None) -> None:
        await feed.tell(SnapshotArrived(snapshot or story.snapshot(second), story.points(second)))
        await pilot.pause()

    return told


@pytest.fixture
def run():
    """Run a coroutine to its end, but not for ever."""

    def to_the_end(coroutine):
        return asyncio.run(asyncio.wait_for(coroutine, 60))

    return to_the_end


SIZES = [(80, 24), (120, 40), (200, 60)]


@pytest.fixture(params=SIZES, ids=lambda size: "x".join(map(str, size)))
def size(request):
    return request.param
