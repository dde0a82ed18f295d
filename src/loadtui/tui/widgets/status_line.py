"""The first line: what runs, against what, in which state, and how far it is."""

from __future__ import annotations

from loadtui.report.account.formatting import NOTHING, clock, count
from loadtui.report.account.verdict_words import RUN_STATES, Wording
from loadtui.tui.cells.run_cells import provenance_span
from loadtui.tui.cells.text import Line, Span, fit_middle, justified, one_line, width_of
from loadtui.tui.widgets.lines import Lines
from loadtui.wire.messages import Snapshot

_REPLAY = Wording("▸", "replay", "dim")
"""A moment in the middle of a run that is over."""
_LEAST_TARGET = 9
"""Cells in which a target can be told from others: `127…:8000`."""


class StatusLine(Lines):
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
        for brief in (False, True):
            right = self._right(snapshot, brief)
            room = width - width_of(right) - 2
            if self._room_for_target(snapshot, room) >= _LEAST_TARGET:
                break
        return [justified(self._left(snapshot, room), right, width)]

    def _right(self, snapshot: Snapshot, brief: bool) -> list[Span]:
        frozen: list[Span] = []
        if self._frozen_at is not None:
            frozen = [(f" FROZEN at {clock(self._frozen_at)} ", "on-accent"), ("  ", "text")]
        time = NOTHING if "length" in snapshot.unknown else clock(snapshot.elapsed_s)
        if "length" not in snapshot.unknown and snapshot.duration_s is not None:
            time += f" / {clock(snapshot.duration_s)}"
        return [*frozen, *self._stage(snapshot, brief), (f"   {time} ", "strong")]

    def _stage(self, snapshot: Snapshot, brief: bool) -> list[Span]:
        out: list[Span] = []
        # An imported run has one stage, which is all of it.
        if not snapshot.unknown and 0 <= snapshot.stage < len(snapshot.stages):
            stage = snapshot.stages[snapshot.stage]
            number = f"{snapshot.stage + 1}/{len(snapshot.stages)}"
            out += [
                (f"{number} " if brief else f"stage {number} ", "dim"),
                (one_line(stage.name), "strong"),
                (" · ", "dim"),
            ]
        out.append((_users(snapshot), "strong"))
        if snapshot.steered:
            out.append((" · by hand", "warn"))
        return out

    def _left(self, snapshot: Snapshot, room: int) -> list[Span]:
        start = self._plan_and_state(snapshot)
        if not snapshot.target:
            return [start[0], ("   ", "text"), *start[1:]]
        target = _target(one_line(snapshot.target), self._room_for_target(snapshot, room))
        return [start[0], (" · ", "dim"), (target, "dim"), ("   ", "text"), *start[1:]]

    def _room_for_target(self, snapshot: Snapshot, room: int) -> int:
        if not snapshot.target:
            return _LEAST_TARGET
        return room - width_of(self._plan_and_state(snapshot)) - len(" · " + "   ")

    def _plan_and_state(self, snapshot: Snapshot) -> list[Span]:
        state = RUN_STATES.get(snapshot.state, _REPLAY)
        return [
            (f" {one_line(snapshot.plan)}", "strong"),
            (state.headline, "accent" if state.word == "finished" else state.tone),
            (" · ", "dim"),
            provenance_span(snapshot.provenance),
        ]


def _users(snapshot: Snapshot) -> str:
    if "users" in snapshot.unknown:
        return f"{NOTHING} users"
    users = count(snapshot.users)
    if "users now" in snapshot.unknown:
        return f"up to {users} user" + ("" if users == "1" else "s")
    if snapshot.users != snapshot.users_target:
        users += f"→{count(snapshot.users_target)}"
    return f"{users} user" + ("" if users == "1" else "s")


def _target(url: str, room: int) -> str:
    """The target in so many cells: as it is, without its scheme, or cut where the dots are."""
    for text in (url, url.partition("://")[2] or url):
        if width_of([(text, "dim")]) <= room:
            return text
    if room >= _LEAST_TARGET:
        return fit_middle(text, room).rstrip()
    return "…"
