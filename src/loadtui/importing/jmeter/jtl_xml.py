"""JMeter's results as XML, read as a stream.

Any element with the attributes of a sample is one: samplers of plugins name them after their class.
Samples within others are their parts, as redirects and embedded resources; within a transaction
they are the requests.

A document that declares a type or entities is refused, since JMeter writes none and a few bytes of
them can stand for gigabytes.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from loadtui.errors import UsageError
from loadtui.importing.files import numerals
from loadtui.importing.files.text_file import clean_text, open_bytes
from loadtui.importing.jmeter.jtl import JtlResults, error_of, transaction_size
from loadtui.importing.jmeter.jtl_columns import JtlColumns, clean_texts, plain_numbers
from loadtui.importing.jmeter.jtl_samples import JtlSample
from loadtui.importing.jmeter.xml_chunks import xml_chunks
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource

_NAME = "JMeter JTL (XML)"
ROOT_ELEMENT = "testResults"
_SAMPLES = frozenset({"sample", "httpSample"})
_MARKS = frozenset({"t", "ts", "s"})
"""Attributes by which samples of other classes are known."""
_COUNTS = ("by", "na")
"""Attributes that not every sample has."""
_AT_ONCE = 1000
"""Samples that are taken in together."""
_DEEPEST = 100
_LONGEST_TEXT = 2_000


def read_jtl_xml(path: Path) -> list[ImportSource]:
    """The runs that a results file tells of; of one that is cut off those of its whole samples.

    Raises UsageError for what is no such XML, and for numbers that cannot be.
    """
    try:
        results = _read(path, _AT_ONCE)
    except UsageError:
        # What is wrong may have come out late: sample by sample it is known in which line it is.
        results = _read(path, 1)
    return results.sources()


def _read(path: Path, at_once: int) -> JtlResults:
    reader = _Reader(path, at_once)
    with open_bytes(path) as file:
        for chunk in xml_chunks(file):
            reader.feed(chunk)
    reader.close()
    return reader.results


class _Sample:
    """A sample, from when its element begins."""

    __slots__ = ("attributes", "depth", "failures", "holds_samples", "inside", "part")

    def __init__(self, attributes: Mapping[str, str], depth: int, outer: _Sample | None) -> None:
        self.attributes = attributes
        self.depth = depth
        self.inside = transaction_size(attributes.get("rm", ""))
        """Of a transaction how many samples it says are in it."""
        self.part: bool = outer is not None and (outer.part or outer.inside is None)
        self.holds_samples = False
        self.failures: list[str] = []

    def error(self) -> str:
        code, message = self.attributes.get("rc", ""), self.attributes.get("rm", "")
        return clean_text(error_of(code, message, "; ".join(self.failures)))


class _Reader:
    def __init__(self, path: Path, at_once: int) -> None:
        """`at_once`: how many samples are taken in together."""
        self.results = JtlResults(path, _NAME, flat=False)
        self._path = path
        self._at_once = at_once
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._depth = 0
        self._open: list[_Sample] = []
        """Samples that are not closed yet, the outermost first."""
        self._whole: list[_Sample] = []
        """Those that are, and are not taken in yet."""
        self._element_text: list[str] | None = None
        """Text of the element that is being read, None where nobody asks."""

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError as error:
            raise self._wrong(expat.ErrorString(error.code)) from None
        except (LookupError, ValueError) as error:
            # An encoding that there is not, or that the parser cannot read.
            raise self._wrong(str(error)) from None

    def close(self) -> None:
        """The end of the file: without the end of the document it is cut off."""
        self._take_in()
        if not self._depth:
            try:
                self._parser.Parse(b"", True)
            except expat.ExpatError as error:
                raise self._wrong(expat.ErrorString(error.code)) from None
            return
        self.results.remarks.append(
            f"the file is CUT OFF in line {self._parser.CurrentLineNumber}: what is whole was read"
        )

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth == 1 and name != ROOT_ELEMENT:
            raise self._wrong(
                f"it begins with <{name[:40]}>, and JMeter's results with <{ROOT_ELEMENT}>"
            )
        if self._depth > _DEEPEST:
            raise self._wrong("it is nested too deeply to be written by JMeter")
        if name in _SAMPLES or attributes.keys() >= _MARKS:
            outer = self._open[-1] if self._open else None
            if outer is not None:
                outer.holds_samples = True
            self._open.append(_Sample(attributes, self._depth, outer))
        elif name == "failureMessage" and self._open:
            self._element_text = []
            self._parser.CharacterDataHandler = self._text

    def _text(self, text: str) -> None:
        if self._element_text is not None and len(self._element_text) < _LONGEST_TEXT:
            self._element_text.append(text[:_LONGEST_TEXT])

    def _end(self, name: str) -> None:
        if name == "failureMessage" and self._element_text is not None and self._open:
            self._open[-1].failures.append("".join(self._element_text))
            self._element_text = None
            self._parser.CharacterDataHandler = None
        if self._open and self._open[-1].depth == self._depth:
            self._take(self._open.pop())
        self._depth -= 1

    def _take(self, sample: _Sample) -> None:
        if sample.part:
            self.results.leave_out(parts=1)
        elif sample.inside is not None and sample.holds_samples:
            self.results.leave_out(sums=1)
        else:
            self._whole.append(sample)
            if len(self._whole) >= self._at_once:
                self._take_in()

    def _take_in(self) -> None:
        """Take in what is whole, as columns where all of it is plain."""
        whole, self._whole = self._whole, []
        columns = _columns(whole) if whole else None
        if columns is not None:
            self.results.add_all(columns)
            return
        for sample in whole:
            self.results.add(self._sample(sample))

    def _sample(self, sample: _Sample) -> JtlSample:
        attributes = sample.attributes
        if attributes.get("sc", "1") != "1":
            raise self._wrong("a sample sums up several, so single ones are not in the file")
        ok = attributes.get("s", "").lower()
        if ok not in ("true", "false"):
            raise self._wrong(f"a sample has s={ok[:40]!r}, expected true or false")
        return JtlSample(
            self._number(attributes, "ts"),
            self._number(attributes, "t"),
            clean_text(attributes.get("lb", "")),
            ok == "true",
            attributes.get("tn", ""),
            self._number(attributes, "by") if "by" in attributes else None,
            self._number(attributes, "na") if "na" in attributes else None,
            "" if ok == "true" else sample.error(),
            sample.inside,
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


def _columns(samples: Sequence[_Sample]) -> JtlColumns | None:
    """The same as `_Reader._sample` makes of each; None where not all is plain."""
    elements = [sample.attributes for sample in samples]
    stamps = plain_numbers([element.get("ts", "") for element in elements])
    elapsed = plain_numbers([element.get("t", "") for element in elements])
    met = [element.get("s", "") for element in elements]
    if stamps is None or elapsed is None or not {*met} <= {"true", "false"}:
        return None
    if not {element.get("sc", "1") for element in elements} <= {"1"}:
        return None
    try:
        sizes, users = (_numbers([element.get(name) for element in elements]) for name in _COUNTS)
    except ValueError:
        return None
    inside = [sample.inside for sample in samples]
    return JtlColumns(
        stamps,
        elapsed,
        clean_texts([element.get("lb", "") for element in elements]),
        [one == "true" for one in met],
        [element.get("tn", "") for element in elements],
        sizes,
        users,
        {at: samples[at].error() for at, one in enumerate(met) if one == "false"},
        inside if any(size is not None for size in inside) else None,
    )


def _numbers(texts: Sequence[str | None]) -> Sequence[int | None] | None:
    """The numbers, None where there is none; ValueError where one is not of digits alone."""
    known = [text for text in texts if text is not None]
    if not known:
        return None
    numbers = plain_numbers(known)
    if numbers is None:
        raise ValueError("not all is plain")
    if len(known) == len(texts):
        return numbers
    following = iter(numbers)
    return [None if text is None else next(following) for text in texts]


JTL_XML = Reader(_NAME, lambda file: file.is_xml, of_one(lambda file: read_jtl_xml(file.path)))
