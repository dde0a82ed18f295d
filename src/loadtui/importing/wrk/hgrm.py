"""A percentile distribution of HdrHistogram in a file of its own, as .hgrm files are.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.files.text_file import open_text, plan_of
from loadtui.importing.reader import Reader, of_one
from loadtui.importing.request_record import UNNAMED
from loadtui.importing.source import ImportSource, figures_present
from loadtui.importing.wrk.percentile_spectrum import (
    PercentileSpectrum,
    read_spectrum,
    spectrum_head,
)
from loadtui.percentile_names import DEFAULT_PERCENTILES, percentile_share
from loadtui.samples.source_figures import SourceFigureTable

_NAME = "HdrHistogram percentiles (.hgrm)"
_MS_OF = {
    "": 1.0, "ms": 1.0, "msec": 1.0, "milliseconds": 1.0, "us": 1e-3, "µs": 1e-3, "usec": 1e-3,
    "microseconds": 1e-3, "ns": 1e-6, "nanoseconds": 1e-6, "s": 1e3, "sec": 1e3, "seconds": 1e3,
}  # fmt: skip
_BEFORE = 20
"""Lines that may stand above the head, as comments do."""
_LONGEST_LINE = 10_000
_STARTED = re.compile(r"#\[StartTime: (\d+\.?\d*) \(seconds since epoch\)")


def _is_hgrm(file: ResultFile) -> bool:
    lines = file.start.splitlines(keepends=True)[:_BEFORE]
    return file.is_sheet and any(spectrum_head(line) for line in lines)


def read_hgrm(path: Path) -> ImportSource:
    """The figures that a distribution tells of.

    Raises UsageError for rows that cannot be, and for a distribution without any, or in a unit that
    is not known.
    """
    source = ImportSource("hdrhistogram", _NAME, [path], plan_of(path))
    try:
        spectrum = read_spectrum(_lines(path, source))
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None
    if spectrum is None or not spectrum.rows:
        raise UsageError(f"{path} holds no distribution of latencies; there is nothing to import")
    ms = _MS_OF.get(spectrum.unit)
    if ms is None:
        raise UsageError(
            f"{path}: the values are in {spectrum.unit!r}, which is no unit of time that is known; "
            "write ms, us, ns or s there"
        )
    figures = spectrum.figures(ms)
    if figures.requests == 0:
        raise UsageError(f"{path} holds no request; there is nothing to import")
    source.record.endpoints.add(*UNNAMED)
    source.figures = SourceFigureTable(figures, [figures])
    _tell(source, spectrum, ms)
    return source


def _lines(path: Path, source: ImportSource) -> Iterator[str]:
    """The lines, of which one may say when it began."""
    with open_text(path) as file:
        while line := file.readline(_LONGEST_LINE):
            if match := _STARTED.match(line):
                source.started = float(match[1])
            yield line


def _tell(source: ImportSource, spectrum: PercentileSpectrum, ms: float) -> None:
    assert source.figures is not None
    source.note_presence(figures_present(source.figures.total))
    source.note_presence(
        [
            ("when it began", source.started is not None),
            ("how long it took", False),
            ("requests by endpoint", False),
            ("users", False),
            ("what happened by second", False),
            ("latencies of single requests", False),
        ]
    )
    for name in DEFAULT_PERCENTILES:
        bounds = spectrum.bounds(percentile_share(name) or 0.0)
        if bounds is not None and name not in source.figures.total.percentiles:
            low, high = bounds[0] * ms, bounds[1] * ms
            source.remarks.append(
                f"no row has the {name}, which is between {low:g} and {high:g} ms"
            )
    if not spectrum.unit:
        source.remarks.append("its values were taken for milliseconds: it does not say their unit")
    if not spectrum.is_whole:
        source.remarks.append("the distribution is cut off: it does not go on to 100 %")


HGRM = Reader(_NAME, _is_hgrm, of_one(lambda file: read_hgrm(file.path)))
