"""How a change against the baseline is written: always with a sign, never by colour alone."""

from __future__ import annotations

from loadtui.report.account.formatting import count
from loadtui.tui.cells.text import Span
from loadtui.tui.watched.reference import BaselineChange, ToleranceLevel

LEVEL_STYLES: dict[ToleranceLevel, str] = {"": "dim", "warn": "warn", "fail": "bad"}
LEVEL_WORDS: dict[ToleranceLevel, str] = {"": "within", "warn": "over warn", "fail": "over fail"}
"""What can be said so far: where the change stands between the plan's tolerances."""


def signed_change(change: BaselineChange) -> Span:
    """`+31 % !`, `−2 %`, `+0.50 pp`; the mark for beyond a tolerance."""
    sign = "+" if change.amount >= 0 else "−"
    return _marked(sign, change)


def change_arrow(change: BaselineChange) -> Span:
    """`▲31 % !`, `▼2 %`."""
    sign = "▲" if change.amount >= 0 else "▼"
    return _marked(sign, change)


def _marked(sign: str, change: BaselineChange) -> Span:
    size = abs(change.amount) * 100
    text = f"{size:.2f} pp" if change.points else f"{count(min(size, 9999))} %"
    if not any(digit in text for digit in "123456789"):
        sign = "="
    mark = " !" if change.level else ""
    return f"{sign}{text}{mark}", LEVEL_STYLES[change.level]
