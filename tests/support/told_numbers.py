"""The numbers that a text tells, as a person reads them: with units, thousands and rounding.

What is no figure of a run is taken out before: ids of runs, paths, hashes, keys, names such as p95.
"""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, NamedTuple


class KnownNumbers(NamedTuple):
    """The sizes of numbers that may be told, both ascending."""

    figures: list[float]
    all: list[float]
    """With shares and changes, which are many."""


class ToldNumber(NamedTuple):
    text: str
    meanings: tuple[float, ...]
    """What it may be, in the units of sources: ms, seconds, 0..1, bytes."""
    slack: float
    """How far the number may be from it by rounding, in the same share for each meaning."""
    context: str

    def is_known(self, known: KnownNumbers) -> bool:
        """Whether one of these is shown so.  A bare 0 is 0, and no share that was
        rounded to it."""
        sizes = known.all if self.may_be_share else known.figures
        for meaning, scale in zip(self.meanings, self._scales(), strict=True):
            exact = not meaning and "." not in self.text
            slack = 0.0 if exact else self.slack * scale + 1e-9 * abs(meaning)
            at = bisect_left(sizes, abs(meaning) - slack)
            if at < len(sizes) and sizes[at] <= abs(meaning) + slack:
                return True
        return False

    @property
    def may_be_share(self) -> bool:
        """Whether it is written as shares and changes are: in percent, or with a fraction."""
        return "." in self.text or "%" in self.text or self.meanings[0] % 1 != 0

    def _scales(self) -> tuple[float, ...]:
        first = abs(self.meanings[0])
        return tuple(abs(one) / first if first else 1.0 for one in self.meanings)


_NO_FIGURES = (
    r"\d{8}-[\d…]\S*",  # ids of runs, cut ones too
    r"(?<![\w/])/\S*",  # paths
    r"… \d+ more|\S*…\S*",  # what was cut
    r"(?<![\w.])[0-9a-f]{12,64}\b",  # hashes
    r"\b\d+\.\d+\.\d+\b",  # versions
    r"\berror\\?_rate (?:<|&lt;|\\u003c) 1 ?%(?:25)?",  # what every run must meet
    r"\bp\d+(?:\.\d+)?\b|\bp\(\d+(?:\.\d+)?\)",
    r"\b95 % interval\b",
    r"\bexit codes? \d\b|\bexit with code \d\b",
    # How many there are of what a view lists, or judged.
    r"\(of \d+\b|\bof \d+ services\b|\bEndpoints \d+|\b\d+ metrics of \d+\b",
    r"\b\d+ (?:of \d+ )?(?:more )?(?:runs?|failed|passed|undecided|warnings?|shown|metrics?"
    r"|thresholds?|judgements?|services?|selected|named by the plan)\b",
    r"\b\d+ (?:changed|not compared)(?:, \d+ not compared)* of \d+\b|\bof \d+ metrics\b",
    r"\((?:Failures|Warnings|Passed)? ?\d+\)|(?:Failures|Warnings|Passed) \(\d+\)",
    r"(?:Runs|Plans) · \d+",
    r"\b\d+ (?:min|h|d) old\b",
    r"\(JSON\)|\butf-8\b|\bsha256\b",
)
_SCRUB = re.compile("|".join(_NO_FIGURES))
_DIGITS = r"\d{1,3}(?:[ \u00a0]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_CLOCK = re.compile(r"(?<![\d:.-])(?:(\d+):)?(\d\d):(\d\d)(?![\d:])")
_LONG = re.compile(r"(?<![\w.])(\d+) (m|min|h) (\d\d) (s|min)\b")
_NUMBER = re.compile(
    rf"(?<![\w.:])[-+−]?({_DIGITS})[ \u00a0]?(ms|s|min|%|pp|B|kB|MB|GB|/s)?(?![\w:])"
)
_SECONDS = {"m": 60, "min": 60, "h": 3600}
_BYTES = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}


def told_numbers(text: str) -> Iterator[ToldNumber]:
    """Those in a text of any kind but JSON and HTML."""
    for line in text.splitlines():
        left = _SCRUB.sub(lambda match: " " * len(match[0]), line)
        for match in _CLOCK.finditer(left):
            hours, minutes, seconds = (int(part or 0) for part in match.groups())
            whole = hours * 3600 + minutes * 60 + seconds
            yield ToldNumber(match[0], (float(whole),), 1.0, line.strip())
        left = _CLOCK.sub(" ", left)
        for match in _LONG.finditer(left):
            whole = int(match[1]) * _SECONDS[match[2]] + int(match[3]) * (
                60 if match[4] == "min" else 1
            )
            yield ToldNumber(match[0], (float(whole), whole * 1000.0), 1.0, line.strip())
        left = _LONG.sub(" ", left)
        for match in _NUMBER.finditer(left):
            yield _read(match, line.strip())


def _read(match: re.Match[str], line: str) -> ToldNumber:
    digits, unit = match[1].replace(" ", "").replace("\u00a0", ""), match[2] or ""
    value = float(digits)
    _, _, fraction = digits.partition(".")
    meanings: tuple[float, ...] = (value,)
    slack = 0.5 * 10.0 ** -len(fraction) if "e" not in digits else value * 0.005
    if unit == "s":
        meanings = value, value * 1000
    elif unit in ("min", "h"):
        meanings, slack = (value * _SECONDS[unit],), slack * _SECONDS[unit]
    elif unit in ("%", "pp"):
        meanings, slack = (value / 100,), slack / 100
    elif unit in _BYTES:
        meanings, slack = (value * _BYTES[unit],), slack * _BYTES[unit]
    return ToldNumber(match[0].strip(), meanings, slack * (1 + 1e-9), line)


_INVISIBLE = re.compile(r"<(style|script)\b.*?</\1>|<meta\b[^>]*>|<!--.*?-->", re.DOTALL)
_DATA = re.compile(r'class="n" data-v="([^"]+)"')
_INLINE = re.compile(r"</?(?:b|span|code|small|strong)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def html_text(page: str) -> str:
    """What a page shows, and the numbers that its tables are sorted by."""
    shown = _INVISIBLE.sub(" ", page)
    sorted_by = "\n".join(_DATA.findall(shown))
    return html.unescape(_TAG.sub("\n", _INLINE.sub("", shown))) + "\n" + sorted_by


def html_data(page: str) -> list[Any]:
    """What a page draws its charts from."""
    islands = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    return [json.loads(island) for island in islands]


def json_numbers(document: Any, key: str = "") -> Iterator[tuple[str, float]]:
    """All numbers of a document with the keys that they are under."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from json_numbers(value, name)
    elif isinstance(document, list):
        for value in document:
            yield from json_numbers(value, key)
    elif isinstance(document, (int, float)) and not isinstance(document, bool):
        yield key, float(document)


def json_texts(document: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """All strings of a document with the keys that they are under."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from json_texts(value, name)
    elif isinstance(document, list):
        for value in document:
            yield from json_texts(value, key)
    elif isinstance(document, str):
        yield key, document
