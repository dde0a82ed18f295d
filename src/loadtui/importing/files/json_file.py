"""JSON of other programs, read strictly: no NaN, no key twice, no number that cannot be."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from loadtui.errors import UsageError
from loadtui.importing.files import numerals
from loadtui.importing.files.text_file import clean_text, open_text

LARGEST_FILE = 256_000_000
"""Bytes; a summary of a run is far smaller."""


def read_json(path: Path) -> Any:
    """What a file holds.  Raises UsageError for what is not strict JSON, and for a huge file."""
    if path.stat().st_size > LARGEST_FILE:
        raise UsageError(
            f"{path} has {path.stat().st_size / 1e6:.0f} MB, and no summary of a run is that large"
        )
    try:
        with open_text(path) as file:
            text = file.read(LARGEST_FILE + 1)
            if len(text) > LARGEST_FILE:
                raise UsageError(f"{path} unpacks to more than the summary of any run has")
            return json.loads(
                text, object_pairs_hook=_unique, parse_constant=_no_number, parse_int=_integer
            )
    except RecursionError:
        raise UsageError(f"{path} is nested too deeply to be the summary of a run") from None
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            raise UsageError(
                f"{path} line {error.lineno}: another document begins behind the first, as that of "
                "a run behind its warm-up; keep the one that is meant"
            ) from None
        raise UsageError(
            f"{path} line {error.lineno}: {error.msg}; it is cut off or no JSON"
        ) from None
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None


class JsonFields:
    """The values of one JSON object, each checked when it is asked for."""

    def __init__(self, path: Path, where: str, values: Mapping[str, Any]) -> None:
        self.path = path
        self.where = where
        self.values = values
        self._asked: set[str] = set()

    def inner(self, name: str) -> JsonFields:
        """The object under a name, an empty one when there is none; UsageError for what is none."""
        value = self.get(name)
        if value is not None and not isinstance(value, Mapping):
            raise self.wrong(name, "is no object")
        return JsonFields(self.path, f"{self.where}, {name}" if self.where else name, value or {})

    def get(self, name: str) -> Any:
        """What there is under a name, unchecked."""
        self._asked.add(name)
        return self.values.get(name)

    def not_asked(self) -> list[str]:
        """Names that nobody asked for, of which something is known."""
        return [
            clean_text(name)
            for name, value in self.values.items()
            if name not in self._asked and value not in (None, {}, [])
        ]

    def number(self, *names: str) -> float | None:
        """The first of these that there is, null for none; UsageError when it is no number that
        can have been measured."""
        for name in names:
            value = self.get(name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise self.wrong(name, "is no number")
            try:
                return numerals.checked_number(float(value), value)
            except (ValueError, OverflowError) as error:
                why = str(error) if isinstance(error, ValueError) else "is too large"
                raise self.wrong(name, why) from None
        return None

    def count(self, *names: str) -> int | None:
        """The same of a whole number."""
        number = self.number(*names)
        try:
            return None if number is None else numerals.whole_count(number)
        except ValueError as error:
            raise self.wrong(" or ".join(names), str(error)) from None

    def text(self, name: str) -> str:
        """A string, empty when there is none; UsageError for anything else."""
        value = self.get(name)
        if value is not None and not isinstance(value, str):
            raise self.wrong(name, "is no string")
        return clean_text(value or "")

    def counts(self, name: str) -> dict[float, int]:
        """An object of number -> count, empty when there is none."""
        value = self.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.wrong(name, "is no object of numbers")
        inner = JsonFields(self.path, f"{self.where}, {name}", value)
        totals: dict[float, int] = {}
        for key in value:
            try:
                number = numerals.parse_number(key)
            except ValueError as error:
                raise inner.wrong(key, str(error)) from None
            if number is None:
                raise inner.wrong(key, "is no number")
            totals[number] = totals.get(number, 0) + (inner.count(key) or 0)
        return totals

    def tally(self, name: str) -> dict[str, int]:
        """An object of words -> count without those of 0, empty when there is none."""
        inner = self.inner(name)
        counts = {clean_text(word): inner.count(word) or 0 for word in inner.values}
        return {word: count for word, count in counts.items() if count}

    def wrong(self, name: str, why: str) -> UsageError:
        where = f" {self.where}:" if self.where else ""
        return UsageError(f"{self.path}:{where} {name!r}: {why}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"key {twice!r} is there twice, so it is not clear which one counts")
    return values


def _integer(text: str) -> int | float:
    """Numbers of more digits than any count has are told apart later, by their size."""
    return int(text) if len(text) <= 20 else float(text)


def _no_number(text: str) -> Any:
    raise ValueError(f"it holds {text}, which is no number and no JSON")
