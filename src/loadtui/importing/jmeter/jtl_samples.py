"""The samples of a JMeter results file as a table, gathered in little memory.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl

from loadtui.importing.jmeter.jtl_columns import JtlColumns
from loadtui.samples.endpoint_table import FURTHER, MAX_NAME, cut_name

_AT_ONCE = 20_000
"""Samples gathered before they are packed."""
_LONGEST_MESSAGE = 500
_MOST_MESSAGES = 10_000
"""Messages that are told apart, as a page of its own in each would fill the memory."""
_FURTHER = "(further messages)"
_MOST_LABELS = 250_000
"""Labels that are told apart here.  Fewer become endpoints, of those that are requests."""
_MOST_USERS = 10**9
_MOST_BYTES = 10**12
"""More is no size of a response, and millions of it no longer add up."""
_LONGEST_MS = 2**32 - 1
"""49 days, longer than any run."""
_TYPES: dict[str, tuple[type[pl.DataType], ...]] = {
    "thread": (pl.UInt16, pl.UInt32),
    "stamp": (pl.Int64,),
    "elapsed": (pl.UInt32,),
    "label": (pl.UInt16, pl.UInt32),
    "ok": (pl.Boolean,),
    "bytes": (pl.UInt32, pl.Int64),
    "users": (pl.UInt16, pl.UInt32),
    "error": (pl.UInt16,),
    "inside": (pl.Null, pl.Int32),
}
"""The narrowest that a column has, and what it takes when that holds no more."""
_MOST: dict[type[pl.DataType], int] = {pl.UInt16: 2**16 - 1, pl.UInt32: 2**32 - 1}


class JtlSample(NamedTuple):
    """A row of a results file, or an element that is within no other."""

    stamp_ms: int
    """Since 1970, of its start or its end."""
    elapsed_ms: int
    label: str
    ok: bool
    thread: str = ""
    bytes: int | None = None
    users: int | None = None
    """Active threads when it ended."""
    error: str = ""
    inside: int | None = None
    """Of a transaction how many samples it says are in it, of a request None."""


class JtlSamples:
    """Rows with names as numbers: `labels`, `threads` and `errors` say which."""

    def __init__(self) -> None:
        self._labels: dict[str, int] = {}
        self._threads: dict[str, int] = {}
        self._errors: dict[str, int] = {"": 0}
        self._columns: dict[str, list[int | None]] = {name: [] for name in _TYPES}
        """What is not packed yet."""
        self._types = {name: types[0] for name, types in _TYPES.items()}
        self._sections: list[list[pl.DataFrame]] = [[]]

    @property
    def labels(self) -> list[str]:
        return list(self._labels)

    @property
    def errors(self) -> list[str]:
        return list(self._errors)

    @property
    def has_threads(self) -> bool:
        """Whether samples say in which thread they were."""
        return any(self._threads)

    def add(self, sample: JtlSample) -> None:
        stamp, elapsed, label, ok, thread, size, users, error, inside = sample
        self.add_all(
            JtlColumns(
                [stamp], [elapsed], [label], [ok], [thread], [size], [users],
                {0: error} if error else {}, [inside],
            )
        )  # fmt: skip

    def add_all(self, samples: JtlColumns) -> None:
        """Take in many at once, one or more."""
        columns = self._columns
        count = len(samples.labels)
        none = [None] * count
        columns["thread"] += _numbers(self._threads, samples.threads or [""] * count)
        columns["stamp"] += samples.stamps_ms
        columns["elapsed"] += samples.elapsed_ms
        columns["label"] += self._label_numbers(samples.labels)
        columns["ok"] += samples.ok
        columns["bytes"] += samples.bytes or none
        columns["users"] += samples.users or none
        columns["inside"] += samples.inside or none
        columns["error"] += [0] * count
        for at, error in samples.errors.items():
            columns["error"][at - count] = self._error(error)
        if len(columns["ok"]) >= _AT_ONCE:
            self._pack()

    def next_section(self) -> None:
        """What follows is of another run."""
        self._pack()
        self._sections.append([])

    def sections(self) -> Iterator[pl.DataFrame]:
        """The samples of each section with any, in the order of the file, once."""
        self._pack()
        sections, self._sections = self._sections, [[]]
        while sections:
            frames = sections.pop(0)
            if frames:
                yield pl.concat(frames, rechunk=False)

    def _pack(self) -> None:
        if not self._columns["ok"]:
            return
        columns, self._columns = self._columns, {name: [] for name in _TYPES}
        loose = pl.DataFrame(
            [
                pl.Series(name, column, dtype=pl.Boolean if name == "ok" else pl.Int64)
                for name, column in columns.items()
            ]
        )
        frame = loose.with_columns(
            pl.col("elapsed").clip(upper_bound=_LONGEST_MS),
            *(
                pl.when(pl.col(name) <= most).then(pl.col(name)).alias(name)
                for name, most in (("bytes", _MOST_BYTES), ("users", _MOST_USERS))
            ),
        )
        self._widen(frame)
        self._sections[-1].append(frame.cast(self._types))  # type: ignore[arg-type]

    def _widen(self, frame: pl.DataFrame) -> None:
        """Make room in the columns for what this frame holds."""
        wider = {}
        for name, types in _TYPES.items():
            narrow = self._types[name]
            if narrow is types[-1]:
                continue
            most = frame.get_column(name).max()
            if isinstance(most, int) and most > _MOST.get(narrow, -1):
                wider[name] = self._types[name] = types[-1]
        if wider:
            for frames in self._sections:
                for at, packed in enumerate(frames):
                    frames[at] = packed.cast(wider)  # type: ignore[arg-type]

    def _label_numbers(self, labels: Sequence[str]) -> list[int]:
        known = self._labels
        if max(map(len, labels)) > MAX_NAME:
            labels = [cut_name(label) for label in labels]
        if len(known) + len(labels) > _MOST_LABELS:
            for label in labels:
                if label not in known and len(known) < _MOST_LABELS:
                    known[label] = len(known)
            labels = [label if label in known else FURTHER[1] for label in labels]
        return _numbers(known, labels)

    def _error(self, message: str) -> int:
        message = message[:_LONGEST_MESSAGE]
        number = self._errors.get(message)
        if number is None:
            if len(self._errors) >= _MOST_MESSAGES:
                message = _FURTHER
            number = self._errors.setdefault(message, len(self._errors))
        return number


def _numbers(known: dict[str, int], texts: Sequence[str]) -> list[int]:
    """The number of each text; those that are not known get the next ones."""
    try:
        return [known[text] for text in texts]
    except KeyError:
        for text in texts:
            known.setdefault(text, len(known))
        return [known[text] for text in texts]
