"""How a change against the baseline is written: always with a sign, never by colour alone."""

from __future__ import annotations

from loadtui.report.numbers import count
from loadtui.tui.reference import Change, Level
from loadtui.tui.text import Span

STYLES: dict[Level, str] = {"": "dim", "warn": "warn", "fail": "bad"}
WORDS: dict[Level, str] = {"": "within", "warn": "over warn", "fail": "over fail"}
"""What can be said so far: where the change stands between the plan's tolerances."""


def signed(change: Change) -> Span:
    """`+31 % !`, `−2 %`, `+0.50 pp`; the mark for beyond a tolerance."""
    sign = "+" if change.amount >= 0 else "−"
    return _marked(sign, change)


def arrow(change: Change) -> Span:
    """`▲31 % !`, `▼2 %`."""
    sign = "▲" if change.amount >= 0 else "▼"
    return _marked(sign, change)


def _marked(sign: str, change: Change) -> Span:
    size = abs(change.amount) * 100
    text = f"{size:.2f} pp" if change.points else f"{count(min(size, 9999))} %"
    if not any(digit in text for digit in "123456789"):
        sign = "="
    mark = " !" if change.level else ""
    return f"{sign}{text}{mark}", STYLES[change.level]
