"""Numbers with units, as people write them in plans and flags: `5m`, `250ms`, `+50%`, `0.5pp`.

Every parser raises ValueError whose message says what was found and what was expected.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise

_SECONDS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6}
_NUMBER = r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
_PART = re.compile(rf"({_NUMBER})(d|h|ms|m|us|s)")
_BARE = re.compile(rf"{_NUMBER}")
_DURATION = re.compile(rf"(?:(?:{_NUMBER})(?:d|h|ms|m|us|s))+")
_BYTES: dict[str, int] = {
    "": 1,
    "B": 1,
    **{f"{unit}B": 1000**at for at, unit in enumerate("KMGT", 1)},
    **{f"{unit}IB": 1024**at for at, unit in enumerate("KMGT", 1)},
}
_SIZE = re.compile(rf"({_NUMBER})\s*((?:[KMGT]i?)?B|)", re.IGNORECASE)
_PERCENT = re.compile(rf"({_NUMBER})\s*%")
_CHANGE = re.compile(rf"([+-]?)({_NUMBER})\s*(%|pp)")

DURATION_PATTERN = rf"^\s*(?:{_BARE.pattern}|{_DURATION.pattern})\s*$"
CHANGE_PATTERN = rf"^\s*{_CHANGE.pattern}\s*$"
"""For a schema: what is written otherwise is none."""


def parse_duration(text: str | float) -> float:
    """Seconds of `5m`, `1.5s`, `250ms`, `1h30m`; a number without a unit counts seconds."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        if not math.isfinite(text) or text < 0:
            raise ValueError(f"found {text}, expected a duration of 0 s or more")
        return float(text)
    stripped = str(text).strip()
    if _BARE.fullmatch(stripped):
        stripped += "s"
    parts = _PART.findall(stripped) if _DURATION.fullmatch(stripped) else []
    sizes = [_SECONDS[unit] for _, unit in parts]
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    if not parts or any(a <= b for a, b in pairwise(sizes)) or not math.isfinite(seconds):
        raise ValueError(f'found "{text}", expected a duration such as "90s", "5m" or "1h30m"')
    return seconds


def format_duration(seconds: float) -> str:
    """The shortest spelling that `parse_duration` reads back, to a microsecond: 90 -> `1m30s`."""
    micros = round(seconds * 1e6)
    if micros < 1_000_000:
        if micros == 0:
            return "0s"
        return f"{_plain(micros / 1000)}ms" if micros >= 1000 else f"{micros}us"
    minutes, rest = divmod(micros, 60_000_000)
    hours, minutes = divmod(minutes, 60)
    text = (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "")
    return text + (f"{_plain(rest / 1e6)}s" if rest else "")


def parse_size(text: str) -> int:
    """Bytes of `500MB`, `2GB`, `1.5GiB`; a number without a unit counts bytes."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'found "{text}", expected a size such as "500MB" or "2GB"')
    return round(float(match[1]) * _BYTES[match[2].upper()])


def parse_percent(text: str) -> float:
    """The fraction that `0.1%` means, 0.001."""
    match = _PERCENT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'found "{text}", expected a percentage such as "1%"')
    return float(match[1]) / 100


def parse_share(text: str) -> float:
    """The fraction that `5%` or `0.05` means, 0 to 1.  From 1 on a number needs its sign: `1` may
    be one percent or all."""
    try:
        return share_of(text)
    except ValueError as error:
        raise ValueError(f'found "{text}", {error}') from None


def share_of(text: str) -> float:
    """As `parse_share`; the ValueError is the second half of a sentence."""
    bare = text.strip()
    if _BARE.fullmatch(bare):
        share = float(bare)
        if share == 1:
            raise ValueError("which may be meant as 1% or as 100%: write one of these")
    else:
        percent = _PERCENT.fullmatch(bare)
        share = float(percent[1]) / 100 if percent else math.inf
    if share > 1:
        raise ValueError("expected a share such as 1% or 0.01")
    return share


@dataclass(frozen=True)
class WrittenChange:
    """How far a value moves: by a share of itself (`+50%`), or by points of a rate (`+0.5pp`)."""

    amount: float
    """As a fraction: 0.5 for `+50%`, 0.005 for `+0.5pp`; negative for a decrease."""
    points: bool = False
    """True: added to the value (a fraction); False: relative to it."""

    def __str__(self) -> str:
        number = _plain(round(abs(self.amount) * 100, 10))
        return f"{'-' if self.amount < 0 else '+'}{number}{'pp' if self.points else '%'}"


def parse_change(text: str) -> WrittenChange:
    """A change written `+50%`, `-30%` or `+0.5pp`; without a sign it is an increase."""
    match = _CHANGE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'found "{text}", expected a change such as "+50%", "-30%" or "+0.5pp"')
    sign, number, unit = match.groups()
    if sign == "-" and unit == "%" and float(number) > 100:
        raise ValueError(f'found "{text}", expected a decrease of at most 100 %')
    return WrittenChange(float(f"{sign}{number}") / 100, unit == "pp")


def _plain(number: float) -> str:
    """Without exponent and without trailing zeros."""
    return f"{number:.10f}".rstrip("0").rstrip(".")
