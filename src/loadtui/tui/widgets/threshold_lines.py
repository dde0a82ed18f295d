"""The promises of the plan and whether they hold so far."""

from __future__ import annotations

from loadtui.store.manifest import ThresholdResult
from loadtui.tui.cells.text import Line, Span, crop, one_line, width_of
from loadtui.tui.widgets.lines import Lines
from loadtui.wire.messages import Snapshot

_SIGNS: dict[str, Span] = {
    "pass": ("✓ ", "good"),
    "fail": ("✗ FAIL ", "bad"),
    "missing": ("? ", "warn"),
}
_ORDER = {"fail": 0, "missing": 1, "pass": 2}


class ThresholdLines(Lines):
    """All of them in running text, broken ones first."""

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._thresholds: list[ThresholdResult] = []

    def show(self, snapshot: Snapshot) -> None:
        self._thresholds = sorted(snapshot.thresholds, key=lambda t: _ORDER.get(t.status, 9))
        self.want(len(self.draw(self.content_size.width, 99)) if self.content_size.width else 1)
        self.redraw()

    def draw(self, width: int, height: int) -> list[Line]:
        head = " thresholds "
        if not self._thresholds:
            return [[(head, "dim"), ("none judged yet", "dim")]]
        lines: list[list[Span]] = [[(head, "dim")]]
        left = len(self._thresholds)
        for threshold in self._thresholds:
            part = _written(threshold)
            if width_of(lines[-1]) + width_of(part) > width - 9 and len(lines[-1]) > 1:
                if len(lines) == height:
                    lines[-1].append((f" +{left} more", "dim"))
                    break
                lines.append([(" " * len(head), "dim")])
            lines[-1] += part
            left -= 1
        return [crop(line, width) for line in lines]


def _written(threshold: ThresholdResult) -> list[Span]:
    scope = " ".join(one_line(part) for part in (threshold.endpoint, threshold.stage) if part)
    out: list[Span] = [
        (" ", "text"),
        _SIGNS.get(threshold.status, ("? ", "warn")),
        (one_line(threshold.check), "bad" if threshold.status == "fail" else "text"),
    ]
    if scope:
        out.append((f" ({scope})", "dim"))
    return [*out, (" ", "text")]
