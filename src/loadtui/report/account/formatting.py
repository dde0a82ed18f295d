"""Numbers as people read them: the same words in the terminal, the text report and the screen.

Thousands are set apart by a space and units by a space before them.  None, a value that does not
exist, reads as a dash.
"""

from __future__ import annotations

from loadtui.plurals import thousands
from loadtui.printable_text import visible_text

NOTHING = "–"
"""What stands where there is no value."""

_WRITTEN_OUT = 1e15
"""From here on a number is written with a power of ten."""
_SIZES = ("B", "kB", "MB", "GB", "TB", "PB")


def count(value: float | None) -> str:
    """A whole number with its thousands set apart: 1 284."""
    if value is None:
        return NOTHING
    return thousands(round(value))


def rate(value: float | None) -> str:
    """Something a second, three significant digits or whole: 0.25, 8.4, 84.1, 1 284."""
    if value is None:
        return NOTHING
    if value == 0:
        return "0"
    if abs(value) < 9.995:
        return f"{value:.2f}"
    if abs(value) < 999.95:
        return f"{value:.1f}"
    return count(value)


def latency(ms: float | None) -> str:
    """Milliseconds with their unit: 0.84 ms, 4.1 ms, 112 ms, 1.21 s, 12.4 s, 2 m 05 s."""
    if ms is None:
        return NOTHING
    if ms < 0.995:
        return f"{ms:.2f} ms"
    if ms < 9.95:
        return f"{ms:.1f} ms"
    if ms < 999.5:
        return f"{ms:.0f} ms"
    seconds = ms / 1000
    if seconds < 9.995:
        return f"{seconds:.2f} s"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{count(minutes)} m {rest:02d} s"


def millis(ms: float | None) -> str:
    """Milliseconds without a unit, for a column whose head names it: 0.84, 4.1, 112, 1 310."""
    if ms is None:
        return NOTHING
    if ms < 0.995:
        return f"{ms:.2f}"
    if ms < 9.95:
        return f"{ms:.1f}"
    return count(ms)


def percent(share: float | None) -> str:
    """A share 0..1 as a percentage: 0 %, 0.42 %, 41 %; a share that is not 0 never reads as 0."""
    if share is None:
        return NOTHING
    return f"{percent_points(share)} %"


def percent_points(share: float | None) -> str:
    """A share 0..1 as a percentage without its sign, for a column whose head names it."""
    if share is None:
        return NOTHING
    value = share * 100
    if value == 0:
        return "0"
    if value < 0.005:
        return "<0.01"
    if value < 9.995:
        return f"{value:.2f}"
    # Everything failed only when it did: 99.97 % must not be rounded up to 100 %.
    if 99.95 <= value < 100:
        return "99.9"
    return f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def size(value: float | None) -> str:
    """Bytes with a decimal unit: 512 B, 1.8 MB."""
    if value is None:
        return NOTHING
    for unit in _SIZES[:-1]:
        if value < 999.5:
            return _sized(value, unit)
        value /= 1000
    return _sized(value, _SIZES[-1])


def _sized(value: float, unit: str) -> str:
    if unit == "B" or value >= 99.95:
        return f"{count(value)} {unit}"
    return f"{value:.1f} {unit}"


def clock(seconds: float) -> str:
    """A length of time as a clock shows it, cut to whole seconds: 06:12, 1:02:03."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{second:02d}" if hours else f"{minutes:02d}:{second:02d}"


def duration(seconds: float) -> str:
    """A length of time in words: 0.8 s, 42 s, 5 min, 5 min 12 s, 2 h 05 min."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s" if rest else f"{minutes} min"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02d} min"


def plain_number(value: float | None) -> str:
    """A number of any size, in a unit that is not ours: 0, 0.0042, 8.4, 84.1, 1 284, 1.2e+18."""
    if value is None:
        return NOTHING
    if abs(value) >= _WRITTEN_OUT:
        return f"{value:.3g}"
    if abs(value) >= 999.5 or value == round(value):
        return count(value)
    return f"{value:.3g}"


def in_unit(value: float | None, unit: str) -> str:
    """A value in the unit that a metric was given: 7 tokens, 1.25 s, 8.4; `ms` as a latency."""
    if unit == "ms":
        return latency(value)
    if value is None:
        return NOTHING
    return f"{plain_number(value)} {visible_text(unit)}".rstrip()
