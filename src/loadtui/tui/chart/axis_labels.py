"""How values are written beside the axis of a chart that ends at `limit`."""

from __future__ import annotations

from collections.abc import Callable

AxisLabel = Callable[[float, float], str]
"""Writes a value of an axis that ends at the second number."""


def axis_rate(value: float, limit: float) -> str:
    if limit >= 10_000:
        return f"{value / 1000:g}k"
    return f"{value:g}"


def axis_users(value: float, limit: float) -> str:
    # There is no half a user.
    return axis_rate(value, limit) if value == round(value) else ""


def axis_latency(ms: float, limit: float) -> str:
    if ms == 0:
        return "0"
    return f"{ms / 1000:g} s" if limit >= 1000 else f"{ms:g} ms"


def axis_plain(value: float, limit: float) -> str:
    for power, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if limit >= 10 * power:
            return f"{value / power:g}{letter}"
    return f"{value:g}"
