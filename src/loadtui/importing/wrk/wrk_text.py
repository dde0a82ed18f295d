"""What wrk and wrk2 print at the end of a run.

    Running 30s test @ http://127.0.0.1:8080/
      Thread Stats   Avg      Stdev     Max   +/- Stdev
        Latency   635.91us    0.89ms  12.92ms   93.69%
      Latency Distribution
         50%  250.00us
      748868 requests in 30.00s, 606.33MB read
      Socket errors: connect 0, read 3, write 0, timeout 1
      Non-2xx or 3xx responses: 20
    Requests/sec:  24954.17

as in src/wrk.c of both.  wrk2 writes three decimals of a percent, and under `--latency` the whole
distribution as HdrHistogram writes it, in milliseconds.  Lines about errors are there when there
were any.  Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.importing.files import numerals
from loadtui.importing.files.text_file import clean_text, open_text, plan_of
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.source import ImportSource, figures_present
from loadtui.importing.wrk.percentile_spectrum import PercentileSpectrum, spectrum_head
from loadtui.percentile_names import percentile_name
from loadtui.plurals import counted
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable

_NAME = "wrk or wrk2 (text)"
_RUNNING = re.compile(r"^Running \S+ test @ (\S+)", re.M)
_LATENCY = re.compile(r"\s+Latency +(?P<mean>\S+) +(?P<stdev>\S+) +(?P<max>\S+) +\S+%")
_DISTRIBUTION = re.compile(r"\s+Latency Distribution(?: \(HdrHistogram - (?P<kind>\w+))?")
_PERCENTILE = re.compile(r"\s*(?P<percent>\d+(?:\.\d+)?)% +(?P<time>\S+)")
_REQUESTS = re.compile(
    r"\s+(?P<requests>\d+) requests in (?P<time>[^\s,]+), (?P<size>[\d.]+)(?P<unit>[KMGTP]?)B read"
)
_SOCKET_ERRORS = re.compile(
    r"\s+Socket errors: connect (?P<connect>\d+), read (?P<read>\d+), write (?P<write>\d+), "
    r"timeout (?P<timeout>\d+)"
)
_BAD_STATUS = re.compile(r"\s+Non-2xx or 3xx responses: (?P<count>\d+)")
_RATE = re.compile(r"Requests/sec: +(?P<rate>\S+)")
_CALIBRATION = re.compile(r"\s+Thread calibration:")
_TIME = re.compile(r"(\d+(?:\.\d+)?)(us|ms|s|m|h)")
_MS_OF = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4, "h": 3.6e6}
_LONGEST_LINE = 10_000
_MOST_RUNS = 1_000


def read_wrk_text(path: Path) -> list[ImportSource]:
    """The runs that were printed, one or several.

    Raises UsageError for numbers that cannot be, and for a run without requests or that is not
    there to its end.
    """
    runs: list[_Printed] = []
    for number, line in _lines(path):
        running = _RUNNING.match(line)
        if running:
            if len(runs) >= _MOST_RUNS:
                raise UsageError(f"{path} holds more than {_MOST_RUNS} runs; import a part of it")
            runs.append(_Printed(path, clean_text(running[1])))
        elif runs:
            try:
                runs[-1].take(line)
            except ValueError as error:
                raise UsageError(f"{path} line {number}: {error}") from None
    sources = [run.source() for run in runs]
    if len(sources) > 1:
        for at, source in enumerate(sources, 1):
            source.remarks.insert(0, f"run {at} of {len(sources)} in the file")
    return sources


class _Printed:
    """One run, line by line."""

    def __init__(self, path: Path, url: str) -> None:
        self._path = path
        self._url = url
        self._mean_ms: float | None = None
        self._max_ms: float | None = None
        self._percentiles: dict[str, float] = {}
        self._spectrum: PercentileSpectrum | None = None
        self._distributions = 0
        self._calibrated = False
        """Whether it is wrk2."""
        self._in_spectrum = False
        self._requests: int | None = None
        self._seconds = 0.0
        self._errors: dict[str, int] = {}
        self._bad_status = 0
        self._rate: float | None = None

    def take(self, line: str) -> None:
        """Raises ValueError for a number that cannot be."""
        if self._in_spectrum and self._spectrum is not None:
            self._in_spectrum = self._spectrum.take(line)
            if self._in_spectrum:
                return
        if _DISTRIBUTION.match(line):
            self._distributions += 1
        elif self._distributions < 2 and (percentile := _PERCENTILE.fullmatch(line.rstrip())):
            self._add_percentile(percentile["percent"], percentile["time"])
        elif self._spectrum is None and (spectrum := spectrum_head(line)):
            self._spectrum, self._in_spectrum = spectrum, True
        elif latency := _LATENCY.match(line):
            self._mean_ms, self._max_ms = _ms(latency["mean"]), _ms(latency["max"])
        elif requests := _REQUESTS.match(line):
            self._requests, self._seconds = (
                _count(requests["requests"]),
                _ms(requests["time"]) / 1e3,
            )
        elif errors := _SOCKET_ERRORS.match(line):
            self._errors = {name: _count(number) for name, number in errors.groupdict().items()}
        elif bad := _BAD_STATUS.match(line):
            self._bad_status = _count(bad["count"])
        elif _CALIBRATION.match(line):
            self._calibrated = True
        elif rate := _RATE.match(line):
            self._rate = numerals.parse_number(rate["rate"])

    def _add_percentile(self, percent: str, time: str) -> None:
        share = float(percent) / 100
        if 0 < share < 1:
            self._percentiles[percentile_name(share)] = _ms(time)

    def source(self) -> ImportSource:
        """The run.  Raises UsageError when it has no requests, or is cut off before it says how
        many."""
        if self._requests is None:
            raise UsageError(
                f"{self._path} does not say how many requests there were; the run {self._url} is "
                "cut off"
            )
        lost = sum(self._errors.get(name, 0) for name in ("connect", "read", "write"))
        if not self._requests + lost:
            raise UsageError(f"{self._path} holds no request; there is nothing to import")
        source = ImportSource("wrk", _NAME, [self._path], plan_of(self._path))
        failed = min(self._bad_status + self._late, self._requests) + lost
        figures = self._figures(self._requests + lost, failed)
        source.record.endpoints.add("", self._url)
        source.figures = SourceFigureTable(figures, [figures])
        source.duration_s = self._seconds
        self._tell(source, lost)
        return source

    @property
    def _late(self) -> int:
        """Requests that took longer than the timeout, of which wrk counts each once."""
        return 0 if self._calibrated else self._errors.get("timeout", 0)

    def _figures(self, requests: int, failures: int) -> SourceFigures:
        mean, most, least = self._mean_ms, self._max_ms, None
        percentiles = dict(self._percentiles)
        if self._spectrum is not None and self._spectrum.rows:
            # The same values, with three decimals.
            exact = self._spectrum.figures(1.0)
            mean, most, least = exact.mean_ms, exact.max_ms, exact.min_ms
            percentiles.update(exact.percentiles)
        if not self._requests:
            mean = most = least = None
            percentiles = {}
        return SourceFigures(
            requests=requests,
            failures=failures,
            error_rate=failures / requests,
            rps=self._rate,
            mean_ms=mean,
            min_ms=least,
            max_ms=most,
            percentiles=percentiles,
        )

    def _tell(self, source: ImportSource, lost: int) -> None:
        assert source.figures is not None
        source.note_presence(figures_present(source.figures.total))
        source.note_presence(
            [
                ("how long it took", True),
                ("when it began", False),
                ("users", False),
                ("what happened by second", False),
                ("failures by kind", False),
                ("latencies of single requests", False),
            ]
        )
        if lost:
            source.remarks.append(
                f"{counted(lost, 'request')} that failed to connect, to be sent or to be answered "
                "counted, which are not among those that it says there were"
            )
        if self._late:
            source.remarks.append(
                f"{counted(self._late, 'request')} that took longer than the timeout count as "
                "failed, and their latencies are in none of the figures"
            )
        elif timeouts := self._errors.get("timeout", 0):
            source.remarks.append(
                f"{counted(timeouts, 'timeout')} not counted: wrk2 counts a late request each time "
                "that it looks"
            )
        if not self._calibrated:
            source.remarks.append("wrk adds latencies for those that a slow answer held up")
        if self._spectrum is None:
            return
        count = self._spectrum.count
        if count is not None and count != self._requests:
            source.remarks.append(
                f"latencies are of {counted(count, 'request')}: wrk2 first calibrates for 10 s"
            )
        if not self._spectrum.is_whole:
            source.remarks.append("the distribution is cut off: it does not go on to 100 %")
        if self._distributions > 1:
            source.left_out.append("latencies that were not corrected for late starts")


def _ms(text: str) -> float:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} is no time")
    return numerals.checked_number(float(match[1]) * _MS_OF[match[2]], text)


def _count(text: str) -> int:
    return numerals.whole_count(numerals.checked_number(float(text), text))


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with open_text(path) as file:
        number = 0
        while line := file.readline(_LONGEST_LINE):
            number += 1
            yield number, line


WRK_TEXT = Reader(
    _NAME,
    lambda file: file.is_sheet and _RUNNING.search(file.start) is not None,
    of_one(lambda file: read_wrk_text(file.path)),
)
