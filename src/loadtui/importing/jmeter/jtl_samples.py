"""The samples of a JMeter results file as a table, gathered in little memory.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl

from loadtui.importing.jmeter.jtl_columns import JtlColumns
from loadtui.samples.endpoint_table import FURTHER, MAX_NAME, cut_name

_AT_ONCE = 10_000
"""Samples gathered before they are packed."""
_FRAMES = 16
"""Packs of samples that become one."""
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
        self._waiting: list[JtlSample] = []
        self._types = {name: types[0] for name, types in _TYPES.items()}
        self._sections: list[list[pl.DataFrame]] = [[]]
        self._small: list[pl.DataFrame] = []
        """Of the last section, those that are not joined yet."""

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
        self._waiting.append(sample)
        if len(self._waiting) >= _AT_ONCE:
            self._pack()

    def add_all(self, samples: JtlColumns) -> None:
        """Take in many at once, one or more."""
        self._pack()
        self._put(samples)

    def next_section(self) -> None:
        """What follows is of another run."""
        self._join()
        self._sections.append([])

    def sections(self) -> Iterator[pl.DataFrame]:
        """The samples of each section with any, in the order of the file, once."""
        self._join()
        sections, self._sections = self._sections, [[]]
        while sections:
            frames = sections.pop(0)
            if frames:
                yield pl.concat(frames, rechunk=False)

    def _pack(self) -> None:
        if not self._waiting:
            return
        stamps, elapsed, labels, ok, threads, sizes, users, errors, inside = zip(
            *self._waiting, strict=True
        )
        self._waiting = []
        failed = {at: error for at, error in enumerate(errors) if error}
        self._put(JtlColumns(stamps, elapsed, labels, ok, threads, sizes, users, failed, inside))

    def _put(self, samples: JtlColumns) -> None:
        count = len(samples.labels)
        errors = [0] * count
        for at, error in samples.errors.items():
            errors[at] = self._error(error)
        longest = max(samples.elapsed_ms)
        columns: dict[str, Sequence[int | None]] = {
            "thread": _numbers(self._threads, samples.threads or [""] * count),
            "stamp": samples.stamps_ms,
            "elapsed": samples.elapsed_ms
            if longest <= _LONGEST_MS
            else [min(elapsed, _LONGEST_MS) for elapsed in samples.elapsed_ms],
            "label": self._label_numbers(samples.labels),
            "ok": samples.ok,
            "bytes": samples.bytes or [None] * count,
            "users": samples.users or [None] * count,
            "error": errors,
            "inside": samples.inside or [None] * count,
        }
        frame = pl.DataFrame(
            [
                pl.Series(name, column, dtype=pl.Boolean if name == "ok" else pl.Int64)
                for name, column in columns.items()
            ]
        ).with_columns(_up_to("bytes", _MOST_BYTES), _up_to("users", _MOST_USERS))
        self._widen(frame)
        self._small.append(frame.cast(self._types))  # type: ignore[arg-type]
        if len(self._small) >= _FRAMES:
            self._join()

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
            for frames in (*self._sections, self._small):
                for at, packed in enumerate(frames):
                    frames[at] = packed.cast(wider)  # type: ignore[arg-type]

    def _join(self) -> None:
        self._pack()
        if self._small:
            self._sections[-1].append(pl.concat(self._small, rechunk=True))
            self._small = []

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


def _up_to(column: str, most: int) -> pl.Expr:
    """The column without what is more than it can be."""
    return pl.when(pl.col(column) <= most).then(pl.col(column)).alias(column)
