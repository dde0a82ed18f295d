"""The first line: what runs, against what, in which state, and how far it is."""

from __future__ import annotations

from loadtui.report.numbers import clock, count
from loadtui.tui.text import Line, Span, clean, ends, fit_middle, width_of
from loadtui.tui.widgets.lines import Lines
from loadtui.wire.messages import Snapshot

_SIGNS = {
    "starting": ("◌", "warn"),
    "running": ("●", "good"),
    "stopping": ("◍", "warn"),
    "finished": ("■", "accent"),
    "interrupted": ("■", "warn"),
    "failed": ("✗", "bad"),
}


class Status(Lines):
    """plan · target   ● RUNNING · measured   stage 2/3 L2 · 50 users   06:12 / 15:00"""

    def __init__(self) -> None:
        super().__init__()
        self._snapshot: Snapshot | None = None
        self._frozen_at: float | None = None

    def show(self, snapshot: Snapshot, frozen_at: float | None = None) -> None:
        """`frozen_at`: second of the run at which the rest of the display stands still."""
        self._snapshot = snapshot
        self._frozen_at = frozen_at
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        snapshot = self._snapshot
        if snapshot is None:
            return [[(" waiting for the run …", "dim")]]
        right = self._right(snapshot)
        room = width - width_of(right) - 2
        return [ends(self._left(snapshot, room), right, width)]

    def _right(self, snapshot: Snapshot) -> list[Span]:
        frozen: list[Span] = []
        if self._frozen_at is not None:
            frozen = [(f" FROZEN at {clock(self._frozen_at)} ", "on-accent"), ("  ", "text")]
        time = clock(snapshot.elapsed_s)
        if snapshot.duration_s is not None:
            time += f" / {clock(snapshot.duration_s)}"
        return [*frozen, *self._stage(snapshot), (f"   {time} ", "strong")]

    def _stage(self, snapshot: Snapshot) -> list[Span]:
        out: list[Span] = []
        if 0 <= snapshot.stage < len(snapshot.stages):
            stage = snapshot.stages[snapshot.stage]
            number = f"{snapshot.stage + 1}/{len(snapshot.stages)}"
            out += [(f"stage {number} ", "dim"), (clean(stage.name), "strong"), (" · ", "dim")]
        users = count(snapshot.users)
        if snapshot.users != snapshot.users_target:
            users += f"→{count(snapshot.users_target)}"
        out.append((f"{users} user" + ("" if users == "1" else "s"), "strong"))
        if snapshot.steered:
            out.append((" · by hand", "warn"))
        return out

    def _left(self, snapshot: Snapshot, room: int) -> list[Span]:
        sign, style = _SIGNS.get(snapshot.state, ("●", "text"))
        state: list[Span] = [
            (f"{sign} {snapshot.state.upper()}", style),
            (f" · {snapshot.provenance}", "dim"),
        ]
        plan: Span = (f" {clean(snapshot.plan)}", "strong")
        if not snapshot.target:
            return [plan, ("   ", "text"), *state]
        left = room - width_of([plan, *state]) - 6
        if left < 14:
            return [plan, ("   ", "text"), *state]
        target = fit_middle(clean(snapshot.target), left).rstrip()
        return [plan, (" · ", "dim"), (target, "dim"), ("   ", "text"), *state]
