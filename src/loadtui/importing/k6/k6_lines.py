"""k6's points as JSON, a line each: `--out json=FILE`, gzipped where FILE ends in .gz.

    {"type": "Metric", "data": {"type": "trend", "thresholds": ["p(95)<200"], ...}, "metric": NAME}
    {"metric": NAME, "type": "Point", "data": {"time": RFC 3339, "value": 1.5, "tags": {...}}}

as in k6's internal/output/json/wrapper.go.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from loadtui.errors import UsageError
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.text_file import clean_text, plan_of
from loadtui.importing.files.text_lines import text_lines
from loadtui.importing.k6.k6_points import K6Points
from loadtui.importing.k6.k6_samples import epoch_us
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource

_NAME = "k6 points (JSON lines)"
_BEGINS = re.compile(r'\{\s*"(?:type|metric|data)"\s*:')
_TYPE = re.compile(r'"type"\s*:\s*"(?:Metric|Point)"')
_LONGEST_LINE = 1_000_000
_EXPECTED = "{expected_response:true}"
"""What k6 tells apart by itself."""


class _Data(msgspec.Struct):
    time: datetime | None = None
    value: float | None = None
    tags: dict[str, str] | None = None
    type: str = ""
    contains: str = ""
    thresholds: list[Any] | None = None
    submetrics: list[Any] | None = None


class _Line(msgspec.Struct):
    type: str
    metric: str
    data: _Data


_decoder = msgspec.json.Decoder(_Line)


def _is_k6_lines(file: ResultFile) -> bool:
    start = file.start
    if not file.is_json or not _BEGINS.match(start) or not _TYPE.search(start):
        return False
    # The name of a metric comes after all that is said of it, which may be long.
    return '"data"' in start and ('"metric"' in start or '"contains"' in start)


def read_k6_lines(path: Path) -> ImportSource:
    """The run that the points tell of.  Raises UsageError for lines that are none, and for numbers
    that cannot be; a last line that was cut off is told."""
    source = ImportSource("k6", _NAME, [path], plan_of(path))
    points = K6Points(path)
    unjudged: list[str] = []
    for number, text, whole in text_lines(path, _LONGEST_LINE, "a point of k6"):
        try:
            line = _decoder.decode(text)
            if line.type == "Metric":
                unjudged += _declare(points, line)
            elif line.type == "Point":
                _add(points, line)
            else:
                raise ValueError(f"type is {line.type!r}, expected Metric or Point")
        except (msgspec.DecodeError, ValueError) as error:
            if not whole and isinstance(error, msgspec.DecodeError):
                source.remarks.append(f"line {number}, the last, is cut off and was left out")
                break
            raise UsageError(f"{path} line {number}: {error}") from None
        except RecursionError:
            raise UsageError(
                f"{path} line {number}: it is nested too deeply to be a point of k6"
            ) from None
    points.fill(source)
    if unjudged:
        names = ", ".join(clean_text(name) for name in unjudged)
        source.absent.append(f"thresholds of {names}, which k6 does not write")
    return source


def _declare(points: K6Points, line: _Line) -> list[str]:
    """Learn a metric; the names of those parts of it that have thresholds of their own."""
    data = line.data
    points.declare(
        clean_text(line.metric),
        data.type,
        data.contains,
        [clean_text(_threshold(one)) for one in data.thresholds or ()],
    )
    names = [one.get("name") for one in data.submetrics or () if isinstance(one, dict)]
    return [name for name in names if isinstance(name, str) and not name.endswith(_EXPECTED)]


def _threshold(one: Any) -> str:
    """Bare, or in an object where it can end the run."""
    source = one.get("threshold") if isinstance(one, dict) else one
    if not isinstance(source, str):
        raise ValueError("a threshold of its is no text")
    return source


def _add(points: K6Points, line: _Line) -> None:
    time, value = line.data.time, line.data.value
    if time is None or value is None:
        raise ValueError("a point without its time or its value")
    if time.tzinfo is None:
        raise ValueError("its time has no time zone")
    us = epoch_us(time)
    points.add(line.metric, us, value, line.data.tags or {})


K6_LINES = Reader(_NAME, _is_k6_lines, of_one(lambda file: read_k6_lines(file.path)))
