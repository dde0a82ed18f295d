"""The values and changes of a comparison as people read them."""

from __future__ import annotations

from loadtui.plurals import thousands
from loadtui.report.account import formatting
from loadtui.samples.estimate import Quantity
from loadtui.store.comparison import ComparisonRow


def value_text(of: ComparisonRow | Quantity, number: float | None) -> str:
    """A value of this metric with its unit: 112 ms, 84.1/s, 0.42 %, 3."""
    if number is None:
        return formatting.NOTHING
    if of.scale == "fraction":
        return formatting.percent(number)
    if of.scale == "count":
        return formatting.count(number)
    if of.unit == "/s":
        return f"{formatting.rate(number)}/s"
    return formatting.in_unit(number, of.unit)


def change_text(row: ComparisonRow) -> str:
    """How far it moved: +31 %, -0.42 pp, +3; a dash where one side has no value."""
    if row.change is not None:
        return moved_text(row, row.written(row.change))
    if row.scale == "count" and row.base is not None and row.current is not None:
        return f"{'+' if row.current >= row.base else ''}{thousands(round(row.current - row.base))}"
    return formatting.NOTHING


def interval_text(row: ComparisonRow) -> str:
    """The 95 % interval of the change, the lower end first: +12 % to +53 %."""
    if row.low is None or row.high is None:
        return ""
    low, high = sorted((row.written(row.low), row.written(row.high)))
    return f"{moved_text(row, low)} to {moved_text(row, high)}"


def moved_text(of: ComparisonRow | Quantity, amount: float) -> str:
    """A change as a tolerance is written, 0.31 as +31 % or, of a rate, as +31.0 pp."""
    points = amount * 100
    if of.scale == "fraction":
        return f"{_signed(points, 2 if abs(points) < 0.995 else 1)} pp"
    return f"{_signed(points, 0 if abs(points) >= 9.95 else 1)} %"


def _signed(number: float, digits: int) -> str:
    text = f"{number:+.{digits}f}"
    return text.lstrip("+-") if float(text) == 0 else text
