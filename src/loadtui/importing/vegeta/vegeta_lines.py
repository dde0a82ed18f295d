"""vegeta's results as JSON, a line each: `vegeta encode`, or `vegeta encode -to json`.

    {"attack": "", "seq": 0, "code": 200, "timestamp": RFC 3339, "latency": NANOSECONDS,
     "bytes_out": 0, "bytes_in": 20, "error": "", "body": BASE64, "method": "GET", "url": "..."}

as in lib/results.go of vegeta; method and URL came with 12.8.  What `vegeta attack` writes by
itself is Go's gob, which is refused with the command that turns it into JSON.  Import this module
where it is used: it loads polars.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from loadtui.errors import UsageError
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.text_lines import text_lines
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource
from loadtui.importing.vegeta.vegeta_results import VegetaResult, VegetaResults

_NAME = "vegeta results (JSON lines)"
_KEYS = tuple(
    re.compile(rf'"{key}"\s*:\s*{value}')
    for key, value in (
        ("code", r"\d"), ("timestamp", '"'), ("latency", r"-?\d"), ("bytes_out", r"\d"),
    )
)  # fmt: skip
_GOB = re.compile(rb"\xff.\xff\x81\x03\x01\x01.Result\x01", re.S)
"""How gob describes the type of a result, in front of the first."""
_LONGEST_LINE = 16_000_000
"""Characters: a line has the body of a response in it."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class _Line(msgspec.Struct):
    timestamp: datetime
    latency: int
    code: int
    error: str = ""
    bytes_in: int = 0
    attack: str = ""
    method: str = ""
    url: str = ""


_decoder = msgspec.json.Decoder(_Line)


def _is_vegeta_lines(file: ResultFile) -> bool:
    """UsageError for results as gob."""
    if _GOB.match(file.first_bytes):
        raise UsageError(
            f"{file.path} holds vegeta's results as gob, which only Go programs can read; run "
            f"`vegeta encode {file.path.name} > results.json` and import that file"
        )
    first = file.start.partition("\n")[0]
    return file.is_json and all(key.search(first) for key in _KEYS)


def read_vegeta_lines(path: Path) -> ImportSource:
    """The run that the results tell of.

    Raises UsageError for lines that are none, and for numbers that cannot be; a last line that was
    cut off is told.
    """
    results = VegetaResults(path, _NAME)
    remarks = []
    for number, text, whole in text_lines(path, _LONGEST_LINE, "a result of vegeta"):
        try:
            results.add(_result(_decoder.decode(text)))
        except (msgspec.DecodeError, ValueError) as error:
            if whole or not isinstance(error, msgspec.DecodeError):
                raise UsageError(f"{path} line {number}: {error}") from None
            remarks.append(f"line {number}, the last, is cut off and was left out")
        except RecursionError:
            raise UsageError(
                f"{path} line {number}: it is nested too deeply to be a result of vegeta"
            ) from None
    return results.source(remarks)


def _result(line: _Line) -> VegetaResult:
    if line.timestamp.tzinfo is None:
        raise ValueError("its timestamp has no time zone")
    return VegetaResult(
        (line.timestamp - _EPOCH) // _MICROSECOND,
        line.latency,
        line.code,
        line.error,
        line.bytes_in,
        line.attack,
        line.method,
        line.url,
    )


VEGETA_LINES = Reader(_NAME, _is_vegeta_lines, of_one(lambda file: read_vegeta_lines(file.path)))
