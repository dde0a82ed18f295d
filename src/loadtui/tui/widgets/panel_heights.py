"""How the lines of a screen are shared out among the panels of a run."""

from __future__ import annotations

from dataclasses import dataclass

ROOMY = 31
"""Lines from which panels stand apart."""
_FIXED = 5
"""Status, progress, banner, and two of health: never pushed out."""
_MOST_CHARTS = 22
_LEAST_CHARTS = 7
"""Fewer lines than these are better spent on a log, if one is wanted."""
_MOST_METRICS = 9


@dataclass(frozen=True)
class PanelHeights:
    """The most lines of each panel, blank ones between them not counted; endpoints get what the
    others leave, `endpoints` at least."""

    kpis: int
    charts: int
    endpoints: int
    metrics: int
    log: int
    errors: int
    thresholds: int
    gaps: int
    """Blank lines: around the charts, and below endpoints, metrics and log."""

    @property
    def sum(self) -> int:
        """Lines that are taken when every panel takes its most, endpoints their least."""
        return _FIXED + sum(
            (self.kpis, self.charts, self.endpoints, self.metrics, self.log, self.errors,
             self.thresholds, self.gaps)
        )  # fmt: skip


def panel_heights(height: int, *, log: bool = False) -> PanelHeights:
    """Shares of so many lines.  A log takes its own from the charts, all of them if it must."""
    roomy = height >= ROOMY
    kpis = 1 if height < 21 else 2
    errors = _step(height, (ROOMY, 2), (37, 3), (49, 5), (57, 8))
    thresholds = _step(height, (ROOMY, 2), (49, 3))
    endpoints = 3 if not roomy else 5 if height < 49 else 9
    charts = max(6, min(_MOST_CHARTS, height * 36 // 100))
    gaps = 3 if roomy else 0
    left = height - _FIXED - kpis - errors - thresholds - endpoints - charts - gaps
    logged = 0
    if log:
        wanted = 8 if roomy else 5
        missing = wanted + 1 + roomy - left
        if missing > 0:
            freed = missing if charts - missing >= _LEAST_CHARTS else charts
            charts, left = charts - freed, left + freed
        logged = min(wanted, left - roomy)
        left -= logged + roomy
        gaps += roomy
    # A table of a head and one row says less than a line of running text.
    table = min(_MOST_METRICS, left - 1) if roomy and left > 3 else 0
    metrics = table or max(0, min(left, 1))
    return PanelHeights(
        kpis, charts, endpoints, metrics, logged, errors, thresholds,
        gaps + (table > 0),
    )  # fmt: skip


def _step(height: int, *steps: tuple[int, int]) -> int:
    """1, or what the last step says that is reached."""
    return next((lines for least, lines in reversed(steps) if height >= least), 1)
