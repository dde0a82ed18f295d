"""A run of Gatling, from the events of its log, however they are written.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from loadtui.importing.files.text_file import clean_text, plan_of
from loadtui.importing.request_record import RequestRecord, TimedRequest, moment_us
from loadtui.importing.seconds import US_PER_SECOND
from loadtui.importing.source import ImportSource
from loadtui.plurals import counted
from loadtui.samples.error_kinds import KindCounts

RESOLUTION_MS = 1.0
"""A time is the difference of two moments cut to whole milliseconds."""
_US_PER_MS = 1000
_NEVER = -(2**63)
"""The end of a message that came without anybody having asked for it, as over a WebSocket."""
_LONGEST_TEXT = 500


class GatlingRun:
    """Takes the events of one run in any order; times are milliseconds since 1970."""

    def __init__(self, path: Path, simulation: str, version: str, description: str) -> None:
        self._path = path
        self._simulation = clean_text(simulation.strip())
        self._version = clean_text(version.strip())
        self._description = clean_text(description.strip())[:_LONGEST_TEXT]
        self._requests = RequestRecord(path)
        self._crashes = KindCounts()
        self._groups = 0
        self._unasked = 0
        self._stray = 0
        self.assertions = 0

    def add_user(self, at_ms: int, *, came: bool) -> None:
        """Raises ValueError, as all that takes times, for one that no run has."""
        self._requests.add_user(moment_us(at_ms * _US_PER_MS), came=came)

    def add_request(
        self, groups: Sequence[str], name: str, start_ms: int, end_ms: int, message: str | None
    ) -> None:
        """`message` is that of a request that failed, of others None."""
        start = moment_us(start_ms * _US_PER_MS)
        if end_ms == _NEVER:
            self._unasked += 1
            return
        end = moment_us(end_ms * _US_PER_MS)
        # As Gatling's report names a request within groups.
        endpoint = "", clean_text(" / ".join([*groups, name]))
        error = "" if message is None else clean_text(message.strip()) or "failed"
        self._requests.add(TimedRequest(start, end - start, endpoint, message is None, error))

    def add_group(self, start_ms: int, end_ms: int) -> None:
        self._requests.cover(moment_us(start_ms * _US_PER_MS), moment_us(end_ms * _US_PER_MS))
        self._groups += 1

    def add_crash(self, message: str, at_ms: int | None) -> None:
        """A request that could not be made, as an expression in it failed."""
        at = None if at_ms is None else moment_us(at_ms * _US_PER_MS) / US_PER_SECOND
        self._crashes.add((clean_text(message.strip())[:_LONGEST_TEXT], ""), 1, at, at)

    def add_stray(self) -> None:
        """A line that tells of no event."""
        self._stray += 1

    def source(self, format_name: str) -> ImportSource:
        """The run.  Raises UsageError when there was no request, and for times that are not those
        of one run."""
        name = self._simulation.rpartition(".")[2] or plan_of(self._path)
        source = ImportSource("gatling", format_name, [self._path], name)
        began = self._requests.fill(source) / US_PER_SECOND
        source.started, source.resolution_ms = began, RESOLUTION_MS
        for kind, crash in self._crashes.by_kind.items():
            first, last = (
                None if at is None else max(at - began, 0.0) for at in (crash.first, crash.last)
            )
            source.record.exceptions.add(kind, crash.count, first, last)
        source.record.exceptions.add_others(self._crashes.others)
        self._tell(source)
        return source

    def _tell(self, source: ImportSource) -> None:
        source.note_presence(
            [
                ("every sample with its latency", True),
                ("failures by kind", True),
                ("when it began, and how long it took", True),
                ("users by second", source.users is not None),
                ("requests that could not be made", True),
                ("sizes", False),
            ]
        )
        if self.assertions:
            source.absent.append(f"how its {counted(self.assertions, 'assertion')} ended")
        if self._groups:
            what = counted(self._groups, "time")
            source.left_out.append(f"{what} that a group took, whose requests are in the file")
        if self._unasked:
            what = counted(self._unasked, "message")
            source.left_out.append(f"{what} from the server that nobody had asked for")
        if self._stray:
            source.left_out.append(f"{counted(self._stray, 'line')} that hold no event")
        if self._version:
            source.remarks.append(f"written by Gatling {self._version}")
        if self._description:
            source.remarks.append(f"its own description: {self._description}")
        source.remarks.append("latencies are whole milliseconds")
