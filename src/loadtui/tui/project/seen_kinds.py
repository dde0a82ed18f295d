"""The kinds of failures and exceptions of a stored run, as far as they were seen by a second."""

from __future__ import annotations

from dataclasses import dataclass

from loadtui.samples.error_kinds import OTHER_KINDS, KindCounts
from loadtui.store.stored_run import Run


@dataclass(frozen=True)
class StoredKind:
    """Occurrences of a kind in the whole run; times in seconds since its start, None unknown."""

    kind: tuple[str, ...]
    count: int
    first: float | None
    last: float | None


class SeenKinds:
    def __init__(self, run: Run) -> None:
        """Raises UsageError when a file of the run is missing or damaged."""
        self._errors = [
            StoredKind((method, name, message), count, first, last)
            for method, name, message, count, first, last in run.errors().iter_rows()
        ]
        self._exceptions = [
            StoredKind((kind.message, kind.traceback), kind.count, kind.first, kind.last)
            for kind in run.exceptions()
        ]

    def errors(self, second: int) -> KindCounts:
        """The failures of kinds that were seen by then, by (method, name, message)."""
        return _seen(self._errors, ("", "", OTHER_KINDS), second)

    def exceptions(self, second: int) -> KindCounts:
        """The exceptions of kinds that were seen by then, by (message, traceback)."""
        return _seen(self._exceptions, (OTHER_KINDS, ""), second)


def _seen(stored: list[StoredKind], others: tuple[str, ...], second: int) -> KindCounts:
    """When each occurrence came is not stored, so that a kind is counted over the whole run."""
    counts = KindCounts()
    for kind in stored:
        if (kind.first or 0.0) > second:
            continue
        if kind.kind == others:
            counts.add_others(kind.count)
        else:
            last = kind.last if kind.last is None else min(kind.last, float(second))
            counts.add(kind.kind, kind.count, kind.first, last)
    return counts
