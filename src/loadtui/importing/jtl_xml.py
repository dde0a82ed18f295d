"""JMeter's results as XML, read as a stream.

Samples within others are their parts, as redirects and embedded resources; within a transaction
they are the requests.

A document that declares a type or entities is refused, since JMeter writes none and a few bytes of
them can stand for gigabytes.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from loadtui.errors import UsageError
from loadtui.importing import numerals
from loadtui.importing.jtl import JtlResults, error_of, is_transaction
from loadtui.importing.jtl_samples import JtlSample
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource
from loadtui.importing.text_file import clean_text

_NAME = "JMeter JTL (XML)"
ROOT_ELEMENT = "testResults"
_SAMPLES = frozenset({"sample", "httpSample"})
_DEEPEST = 100
_AT_ONCE = 1 << 18
_LONGEST_TEXT = 2_000


def read_jtl_xml(path: Path) -> ImportSource:
    """The run that a results file tells of.  Raises UsageError for what is no such XML, for one
    that is cut off, and for numbers that cannot be."""
    source = ImportSource("jmeter", _NAME, [path], path.stem)
    reader = _Reader(path)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_AT_ONCE):
                reader.feed(chunk)
        reader.close()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    reader.results.fill(source)
    return source


class _Reader:
    def __init__(self, path: Path) -> None:
        self.results = JtlResults(path)
        self._path = path
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._depth = 0
        self._open: list[Mapping[str, str]] = []
        """Samples that are not closed yet, the outermost first."""
        self._message: list[str] = []
        self._element_text: list[str] | None = None
        """Text of the element that is being read, None where nobody asks."""

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError as error:
            raise self._wrong(expat.ErrorString(error.code)) from None

    def close(self) -> None:
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise self._wrong(f"{expat.ErrorString(error.code)}; the file is cut off") from None

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth == 1 and name != ROOT_ELEMENT:
            raise self._wrong(
                f"it begins with <{name[:40]}>, and JMeter's results with <{ROOT_ELEMENT}>"
            )
        if self._depth > _DEEPEST:
            raise self._wrong("it is nested too deeply to be written by JMeter")
        if name in _SAMPLES:
            if self._counts():
                self._message = []
            self._open.append(attributes)
        elif name == "failureMessage" and self._open and not self._part():
            self._element_text = []

    def _counts(self) -> bool:
        """Whether a sample within those that are open is one of its own."""
        return all(is_transaction(sample.get("rm", "")) for sample in self._open)

    def _part(self) -> bool:
        """Whether the innermost open sample is part of another."""
        return not all(is_transaction(sample.get("rm", "")) for sample in self._open[:-1])

    def _text(self, text: str) -> None:
        if self._element_text is not None and len(self._element_text) < _LONGEST_TEXT:
            self._element_text.append(text[:_LONGEST_TEXT])

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name == "failureMessage" and self._element_text is not None:
            self._message.append("".join(self._element_text))
            self._element_text = None
        if name in _SAMPLES:
            sample = self._open.pop()
            if self._counts():
                self._take(sample)

    def _take(self, attributes: Mapping[str, str]) -> None:
        message = attributes.get("rm", "")
        if attributes.get("sc", "1") != "1":
            raise self._wrong("a sample sums up several, so single ones are not in the file")
        ok = attributes.get("s", "").lower()
        if ok not in ("true", "false"):
            raise self._wrong(f"a sample has s={ok[:40]!r}, expected true or false")
        error = ""
        if ok == "false":
            error = error_of(attributes.get("rc", ""), message, "; ".join(self._message))
        self.results.add(
            JtlSample(
                self._number(attributes, "ts"),
                self._number(attributes, "t"),
                clean_text(attributes.get("lb", "")),
                ok == "true",
                self._number(attributes, "by") if "by" in attributes else None,
                self._number(attributes, "na") if "na" in attributes else None,
                clean_text(error),
            ),
            message,
            attributes.get("tn", ""),
        )

    def _number(self, attributes: Mapping[str, str], name: str) -> int:
        try:
            number = numerals.parse_count(attributes.get(name, ""))
        except ValueError as error:
            raise self._wrong(f"a sample's {name}: {error}") from None
        if number is None:
            raise self._wrong(f"a sample has no {name}")
        return number

    def _refuse(self, *_: object) -> NoReturn:
        raise self._wrong("it declares a document type or entities, which JMeter never writes")

    def _wrong(self, why: str) -> UsageError:
        return UsageError(f"{self._path} line {self._parser.CurrentLineNumber}: {why}")


JTL_XML = Reader(_NAME, lambda file: file.is_xml, of_one(lambda file: read_jtl_xml(file.path)))
