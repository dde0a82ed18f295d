"""No more endpoints, and no longer names, than a run has that was measured here.

Whatever is past MAX_ENDPOINTS or agrees up to MAX_NAME characters is counted together; the remarks
of the run tell (loadtui.store.bound_remarks).  Import this module where it is used: it loads
polars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from loadtui.importing.source import ImportSource, totalled
from loadtui.samples.endpoint_table import (
    FURTHER,
    MAX_ENDPOINTS,
    MAX_NAME,
    EndpointTable,
    cut_name,
)
from loadtui.samples.error_kinds import KindCounts
from loadtui.samples.source_figures import SourceFigures, SourceFigureTable
from loadtui.store.journal_contents import JournalContents

_MOST_TOLD = 200
"""Sentences of one kind that are kept: a document may have thousands of keys that are not taken."""


def bound_source(source: ImportSource) -> None:
    """Bring a source within these bounds."""
    for told in (source.held, source.absent, source.left_out, source.remarks):
        more = len(told) - _MOST_TOLD
        told[:] = [cut_name(sentence) for sentence in told[:_MOST_TOLD]]
        if more > 0:
            told.append(f"{more} more")
    entries = source.record.endpoints.entries
    most = MAX_ENDPOINTS + (FURTHER in entries)
    if len(entries) <= most and all(len(text) <= MAX_NAME for entry in entries for text in entry):
        return
    table = EndpointTable(MAX_ENDPOINTS)
    numbers = {number: table.add(*entry) for number, entry in enumerate(entries)}
    new_entries = {entry: table.entries[numbers[at]] for at, entry in enumerate(entries)}
    record, bounded = source.record, JournalContents()
    endpoint = pl.col("endpoint").replace_strict(numbers, return_dtype=pl.UInt32)
    for rows, into in ((record.windows, bounded.windows), (record.cells, bounded.cells)):
        if rows.frame().height:
            into.put(rows.frame().with_columns(endpoint))
    record.windows, record.cells = bounded.windows, bounded.cells
    record.endpoints = table
    record.errors = _renamed(record.errors, new_entries)
    if source.figures is not None:
        endpoints = _together(source.figures.endpoints, numbers)
        source.figures = SourceFigureTable(source.figures.total, endpoints)


def _together(figures: Sequence[SourceFigures], numbers: Mapping[int, int]) -> list[SourceFigures]:
    """The figures by their new numbers; of several together only what adds up."""
    groups: dict[int, list[SourceFigures]] = {}
    for at, its in enumerate(figures):
        groups.setdefault(numbers[at], []).append(its)
    return [totalled(groups[number]) for number in sorted(groups)]


def _renamed(
    kinds: KindCounts, new_entries: Mapping[tuple[str, str], tuple[str, str]]
) -> KindCounts:
    renamed = KindCounts()
    for (method, name, message), known in kinds.by_kind.items():
        entry = new_entries.get((method, name), (cut_name(method), cut_name(name)))
        renamed.add((*entry, message), known.count, known.first, known.last)
    renamed.add_others(kinds.others)
    return renamed
