"""Whether the load generator keeps up: a line per worker, and a loud one when it does not."""

from __future__ import annotations

from loadtui.plurals import counted
from loadtui.report.account.formatting import count
from loadtui.report.account.verdict_words import BECOMING_INVALID, INVALID_RUN
from loadtui.tui.cells.text import Line, Span, fit_width, one_line, width_of
from loadtui.tui.widgets.lines import Lines
from loadtui.verdict.validity import CPU_MAX, LAG_MIN_MS, LAG_SHARE_OF_P50, WAIT_MAX
from loadtui.wire.messages import Snapshot, WorkerRow


class GeneratorHealth(Lines):
    """cpu, run-queue wait and event loop lag of each worker, side by side as far as they fit."""

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._snapshot: Snapshot | None = None

    def show(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.want(2 if self.loud(snapshot) else 1)
        self.redraw()

    @staticmethod
    def loud(snapshot: Snapshot) -> bool:
        """True when the run is, or is becoming, invalid."""
        return bool(snapshot.invalid_reasons)

    def draw(self, width: int, height: int) -> list[Line]:
        if self._snapshot is None:
            return []
        snapshot = self._snapshot
        lines: list[Line] = [_workers(snapshot, width)]
        loud = self.loud(snapshot)
        if height > 1 + loud and "generator" not in snapshot.unknown:
            lines = _one_each(snapshot)
        if loud:
            wording = INVALID_RUN if snapshot.exit_code is not None else BECOMING_INVALID
            reasons = " · ".join(one_line(reason) for reason in snapshot.invalid_reasons)
            lines.insert(0, [(fit_width(f" {wording.headline}: {reasons}", width), "on-bad")])
        return lines


def _workers(snapshot: Snapshot, width: int) -> list[Span]:
    out: list[Span] = [(" generator ", "dim")]
    if "generator" in snapshot.unknown:
        return [*out, ("another program generated the load; its health is not known", "dim")]
    if not snapshot.workers:
        return [*out, ("no worker yet", "dim")]
    tail: list[Span] = []
    # The loud line says it already.
    if snapshot.bad_seconds and not GeneratorHealth.loud(snapshot):
        bad = f"{count(snapshot.bad_seconds)} of {count(snapshot.measured_seconds)} s bad"
        tail = [(f"  ! {bad}", "warn")]
    room = width - width_of(tail)
    lag_max = _lag_max(snapshot)
    # Those that cannot keep up come first, so that they are among the few that fit.
    workers = sorted(snapshot.workers, key=lambda worker: (_rank(worker, lag_max), worker.index))
    parts = [_worker(worker, lag_max) for worker in workers]
    left = len(parts)
    for part in parts:
        rest = sum(map(width_of, parts[len(parts) - left :]))
        if width_of(out) + min(rest, width_of(part) + 9) > room:
            out.append((f" +{left} more", "dim"))
            break
        out += part
        left -= 1
    return [*out, *tail]


def _one_each(snapshot: Snapshot) -> list[Line]:
    """A line a worker, when all the room is given to them."""
    lag_max = _lag_max(snapshot)
    lines: list[Line] = [[(" generator", "dim")]]
    for worker in sorted(snapshot.workers, key=lambda w: (_rank(w, lag_max), w.index)):
        users = f"  {counted(worker.users, 'user')}  {count(worker.in_flight)} in flight"
        lines.append([*_worker(worker, lag_max), (f"{users}  pid {worker.pid}", "dim")])
    bad, of = count(snapshot.bad_seconds), count(snapshot.measured_seconds)
    lines.append([(f" {bad} of {of} s bad", "warn" if snapshot.bad_seconds else "dim")])
    return lines


def _lag_max(snapshot: Snapshot) -> float:
    return max(LAG_MIN_MS, LAG_SHARE_OF_P50 * (snapshot.totals.p50_ms or 0.0))


def _strained(worker: WorkerRow, lag_max: float) -> tuple[bool, bool, bool]:
    """Whether cpu, wait and lag are past what a good second allows."""
    return worker.cpu > CPU_MAX, worker.wait > WAIT_MAX, worker.lag_ms > lag_max


def _rank(worker: WorkerRow, lag_max: float) -> int:
    if worker.state == "lost":
        return 0
    return 1 if any(_strained(worker, lag_max)) else 2


def _worker(worker: WorkerRow, lag_max: float) -> list[Span]:
    name = f" w{worker.index} "
    if worker.state == "lost":
        return [(name, "dim"), ("✗ lost", "bad"), (" ", "text")]
    if worker.state == "stopped":
        return [(name, "dim"), ("■ stopped", "dim"), (" ", "text")]
    hot, waits, lags = _strained(worker, lag_max)
    sign: Span = ("!", "warn") if hot or waits or lags else ("✓", "good")
    return [
        (name, "dim"),
        sign,
        (f" cpu {worker.cpu * 100:3.0f} %", "warn" if hot else "text"),
        (f" wait {worker.wait * 100:2.0f} %", "warn" if waits else "text"),
        (f" lag {worker.lag_ms:4.1f} ms ", "warn" if lags else "text"),
    ]
