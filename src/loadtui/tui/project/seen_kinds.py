"""The kinds of failures and exceptions of a stored run, as far as they were seen by a second."""

from __future__ import annotations

from dataclasses import dataclass

from loadtui.store.stored_run import Run


@dataclass(frozen=True)
class StoredKind:
    """Occurrences of a kind in the whole run; times in seconds since its start, None unknown."""

    count: int
    first: float | None
    last: float | None

    def by(self, second: int) -> StoredKind:
        """As it is shown at a second of the run: when each of them came is not stored, so that it
        is counted over the whole run."""
        if self.last is None or self.last <= second:
            return self
        return StoredKind(self.count, self.first, float(second))


class SeenKinds:
    def __init__(self, run: Run) -> None:
        """Raises UsageError when a file of the run is missing or damaged."""
        self._errors = {
            (method, name, message): StoredKind(count, first, last)
            for method, name, message, count, first, last in run.errors().iter_rows()
        }
        self._exceptions = {
            (kind.message, kind.traceback): StoredKind(kind.count, kind.first, kind.last)
            for kind in run.exceptions()
        }

    def errors(self, second: int) -> dict[tuple[str, str, str], StoredKind]:
        """(method, name, message) -> the failures of a kind that was seen by then."""
        return {
            key: kind.by(second)
            for key, kind in self._errors.items()
            if (kind.first or 0.0) <= second
        }

    def exceptions(self, second: int) -> dict[tuple[str, str], StoredKind]:
        """(message, traceback) -> the exceptions of a kind that was seen by then."""
        return {
            key: kind.by(second)
            for key, kind in self._exceptions.items()
            if (kind.first or 0.0) <= second
        }
