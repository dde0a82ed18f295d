"""The results of a vegeta attack, a request each, in whichever encoding they were.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from loadtui.importing.files.text_file import clean_text, plan_of
from loadtui.importing.request_record import UNNAMED, RequestRecord, TimedRequest, moment_us
from loadtui.importing.seconds import US_PER_SECOND
from loadtui.importing.source import ImportSource

NS_PER_US = 1000
_GOOD = range(200, 400)
"""Codes of what vegeta's report calls a success."""
_MOST_ATTACKS = 1_000
_TOLD_ATTACKS = 5


class VegetaResult(NamedTuple):
    """One request, as in lib/results.go of vegeta."""

    at_us: int
    """Since 1970."""
    latency_ns: int
    code: int
    """0 where there was no answer."""
    error: str
    bytes_in: int
    attack: str
    method: str
    url: str
    """Empty before 12.8, as the method."""


class VegetaResults:
    """Takes results in the order of the file, which is that in which requests ended."""

    def __init__(self, path: Path, format_name: str) -> None:
        self._path = path
        self._format = format_name
        self._requests = RequestRecord(path)
        self._attacks: dict[str, None] = {}

    def add(self, result: VegetaResult) -> None:
        """Raises ValueError for a time or a latency that no request has."""
        good = result.code in _GOOD and not result.error
        self._requests.add(
            TimedRequest(
                moment_us(result.at_us),
                (result.latency_ns + NS_PER_US // 2) // NS_PER_US,
                (result.method, clean_text(result.url)) if result.url else UNNAMED,
                good,
                "" if good else clean_text(result.error) or f"status {result.code}",
                result.bytes_in,
            )
        )
        if result.attack and len(self._attacks) < _MOST_ATTACKS:
            self._attacks[result.attack] = None

    def source(self, remarks: list[str]) -> ImportSource:
        """The run; `remarks` are of the file.  Raises UsageError when there is no request, and for
        times that are not those of one run."""
        source = ImportSource("vegeta", self._format, [self._path], plan_of(self._path))
        source.started = self._requests.fill(source) / US_PER_SECOND
        source.note_presence(
            [
                ("every sample with its latency", True),
                ("failures by kind", True),
                ("sizes", True),
                ("when it began, and how long it took", True),
                ("users", False),
            ]
        )
        source.left_out.append("of each request its headers, its body and the bytes that were sent")
        attacks = [clean_text(attack) for attack in self._attacks]
        if attacks:
            more = len(attacks) - _TOLD_ATTACKS
            told = ", ".join(attacks[:_TOLD_ATTACKS]) + (f" and {more} more" if more > 0 else "")
            kind = "attack" if len(attacks) == 1 else "attacks, taken for one run"
            source.remarks.append(f"{kind}: {told}")
        source.remarks += remarks
        return source
