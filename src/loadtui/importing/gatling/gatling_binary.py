"""Gatling's `simulation.log` as versions from 3.13 on write it: binary, integers with the high byte
first.

    0  version, class, start (8 bytes), description, scenarios, assertions
    1  groups, name, start, end, whether it went well, message     a request
    2  scenario (4 bytes), whether the user came, time             a user
    3  groups, start, end, cumulated (4 bytes), whether it went well
    4  message, time                                               a request that was not made

Times but the first are 4 bytes of milliseconds from it.  A string is its length in bytes, the bytes
of Java's own and 0 for Latin-1 or 1 for UTF-16, nothing but the length where it is empty; groups,
names and messages are written once under a number above 0, and are that number below 0 from then
on.  As in LogFileDataWriter.scala and LogFileReader.scala of Gatling's tags v3.13.0 to v3.15.1.
Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

from loadtui.errors import UsageError
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.text_file import open_bytes
from loadtui.importing.gatling.gatling_run import GatlingRun
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource

_NAME = "Gatling log (binary)"
_VERSION = re.compile(rb"\0\0\0\0[\x03-\x28](\d+)\.(\d+)\.")
_KNOWN_MAJOR = 3
_LONGEST_STRING = 1_000_000
_LONGEST_KEPT = 1_000
"""Characters of a string that are kept: there are as many as different messages."""
_MOST_PARTS = 10_000
"""Of scenarios, assertions, or groups around each other."""
_LATIN_1, _UTF_16 = 0, 1


def _is_gatling_binary(file: ResultFile) -> bool:
    return file.is_binary and _VERSION.match(file.first_bytes) is not None


def read_gatling_binary(path: Path) -> ImportSource:
    """The run that a log tells of.

    Raises UsageError for a log that is damaged; one that is cut off is read up to there, which is
    told.
    """
    with open_bytes(path) as file:
        log = _Log(path, file)
        cut = log.read()
    source = log.run.source(_NAME)
    if cut:
        source.remarks.append("the log is cut off, and its last event was left out")
    return source


class _Log:
    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Raises UsageError for a log that has not all of its beginning."""
        self._path = path
        self._file = file
        self._events = 0
        self._strings: dict[int, str] = {}
        self._takers = {1: self._request, 2: self._user, 3: self._group, 4: self._crash}
        try:
            self.run = self._begin()
        except EOFError:
            raise UsageError(f"{path} is cut off before its first event") from None
        except ValueError as error:
            raise UsageError(f"{path}: its beginning is damaged: {error}") from None

    def read(self) -> bool:
        """Take in all events; True when the last is cut off."""
        while kind := self._file.read(1):
            self._events += 1
            taker = self._takers.get(kind[0])
            try:
                if taker is None:
                    raise ValueError(f"there is no kind {kind[0]} of events")
                taker()
            except EOFError:
                return True
            except ValueError as error:
                raise UsageError(
                    f"{self._path}: event {self._events}: {error}; the log is damaged"
                ) from None
        return False

    def _begin(self) -> GatlingRun:
        self._bytes(1)
        version, simulation = self._string(), self._string()
        if version.partition(".")[0] != str(_KNOWN_MAJOR):
            raise UsageError(
                f"{self._path} was written by Gatling {version}, and only the logs of Gatling "
                f"{_KNOWN_MAJOR} can be imported"
            )
        self._start_ms = int.from_bytes(self._bytes(8), "big", signed=True)
        run = GatlingRun(self._path, simulation, version, self._string())
        for _ in range(self._count()):
            self._string()
        run.assertions = self._count()
        for _ in range(run.assertions):
            self._bytes(self._length())
        return run

    def _request(self) -> None:
        groups, name = self._groups(), self._known_string()
        start, end, good, message = self._time(), self._time(), self._flag(), self._known_string()
        self.run.add_request(groups, name, start, end, None if good else message)

    def _user(self) -> None:
        self._int()
        came = self._flag()
        self.run.add_user(self._time(), came=came)

    def _group(self) -> None:
        self._groups()
        start, end = self._time(), self._time()
        self._int()
        self._flag()
        self.run.add_group(start, end)

    def _crash(self) -> None:
        message = self._known_string()
        self.run.add_crash(message, self._time())

    def _bytes(self, count: int) -> bytes:
        """EOFError where there are fewer."""
        data = self._file.read(count)
        if len(data) < count:
            raise EOFError
        return data

    def _int(self) -> int:
        return int.from_bytes(self._bytes(4), "big", signed=True)

    def _time(self) -> int:
        return self._start_ms + self._int()

    def _flag(self) -> bool:
        value = self._bytes(1)[0]
        if value > 1:
            raise ValueError(f"{value} is neither yes nor no")
        return value == 1

    def _count(self) -> int:
        count = self._int()
        if not 0 <= count <= _MOST_PARTS:
            raise ValueError(f"{count} is no number of parts")
        return count

    def _length(self) -> int:
        length = self._int()
        if not 0 <= length <= _LONGEST_STRING:
            raise ValueError(f"{length} is no length")
        return length

    def _string(self) -> str:
        length = self._length()
        if not length:
            return ""
        data, coder = self._bytes(length), self._bytes(1)[0]
        if coder not in (_LATIN_1, _UTF_16):
            raise ValueError(f"{coder} is no encoding of Java's")
        # Java keeps UTF-16 in the order of its machine, which is this one on all that are in use.
        return data.decode("utf-16-le" if coder else "latin-1", "replace")

    def _known_string(self) -> str:
        number = self._int()
        if number >= 0:
            text = self._strings[number] = self._string()[:_LONGEST_KEPT].translate(_ONE_LINE)
            return text
        known = self._strings.get(-number)
        if known is None:
            raise ValueError(f"text {-number} was not written before")
        return known

    def _groups(self) -> list[str]:
        return [self._known_string() for _ in range(self._count())]


_ONE_LINE = dict.fromkeys(map(ord, "\n\r\t"), " ")
"""As Gatling's report has them."""

GATLING_BINARY = Reader(
    _NAME, _is_gatling_binary, of_one(lambda file: read_gatling_binary(file.path))
)
