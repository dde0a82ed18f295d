"""Which files are results of which program, and which of them are of one run.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tarfile import is_tarfile

from loadtui.errors import UsageError
from loadtui.importing.contradictions import check_figures
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.reader import Reader
from loadtui.importing.registry import READERS, format_list
from loadtui.importing.source import ImportSource
from loadtui.importing.source_bounds import bound_source
from loadtui.store import run_files

_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)\b", re.IGNORECASE)


def read_files(paths: Sequence[Path]) -> Iterator[ImportSource]:
    """The runs that files tell of, in the order of their first files.

    Every file is looked at before the first is read; those that hold the same are read once, which
    the run tells.  Raises UsageError for a file that is in none
    of the known formats, or damaged, or of which more requests failed than there are.
    """
    twins = _Twins()
    files = [ResultFile(path) for path in twins.without_same_files(dict.fromkeys(paths))]
    claimed = [(reader_of(file), file) for file in files]
    groups: list[tuple[Reader, Sequence[ResultFile]]] = []
    for reader in READERS:
        own = [file for claiming, file in claimed if claiming is reader]
        groups += [(reader, group) for group in twins.without_same_content(reader.groups(own))]
    for reader, group in sorted(groups, key=lambda group: files.index(group[1][0])):
        read = reader.read(group)
        for source in [read] if isinstance(read, ImportSource) else read:
            check_figures(source)
            bound_source(source)
            source.remarks += twins.remarks(group)
            yield source


class _Twins:
    """Files that hold the same as others that were named, and are not read a second time."""

    def __init__(self) -> None:
        self._first_of: dict[Path, Path] = {}

    def without_same_files(self, paths: Iterable[Path]) -> list[Path]:
        """Each file once, however many links and spellings its path has."""
        first: dict[tuple[int, int], Path] = {}
        kept = []
        for path in paths:
            try:
                there = path.stat()
            except OSError:
                kept.append(path)
                continue
            known = first.setdefault((there.st_dev, there.st_ino), path)
            if known is path:
                kept.append(path)
            else:
                self._first_of[path] = known
        return kept

    def without_same_content(
        self, groups: Sequence[Sequence[ResultFile]]
    ) -> list[Sequence[ResultFile]]:
        """The groups of one format, without those all of whose files are copies of another's."""
        sizes = [sorted(file.path.stat().st_size for file in group) for group in groups]
        first: dict[tuple[str, ...], Sequence[ResultFile]] = {}
        kept = []
        for group, size in zip(groups, sizes, strict=True):
            if sizes.count(size) > 1:
                known = first.setdefault(_content(group), group)
                if known is not group:
                    self._first_of |= {
                        file.path: like.path for file, like in zip(group, known, strict=True)
                    }
                    continue
            kept.append(group)
        return kept

    def remarks(self, group: Sequence[ResultFile]) -> list[str]:
        """A sentence for each file that holds the same as one of these."""
        own = {file.path for file in group}
        return [
            f"{path} holds the same as {first}, and was taken once"
            for path, first in self._first_of.items()
            if first in own
        ]


def _content(group: Sequence[ResultFile]) -> tuple[str, ...]:
    try:
        return tuple(sorted(run_files.sha256(file.path) for file in group))
    except OSError as error:
        raise UsageError(f"{group[0].path} cannot be read: {error.strerror}") from error


def reader_of(file: ResultFile) -> Reader:
    """The reader of a file's format; UsageError when there is none."""
    if _HTML.match(file.first_bytes):
        raise UsageError(
            f"{file.path} is an HTML page, which holds no results that can be read: import the "
            "JSON, CSV or log that it was made from"
        )
    for reader in READERS:
        if reader.claims(file):
            return reader
    if file.is_binary:
        if is_tarfile(file.path):
            raise UsageError(
                f"{file.path} is an archive: `loadtui runs import {file.path}` takes in what "
                "`loadtui runs export` wrote, of another one unpack the results first"
            )
        raise UsageError(
            f"{file.path} is no text file, and in no format that can be imported; "
            "`loadtui import --help` lists them"
        )
    if file.document == []:
        raise UsageError(f"{file.path} holds an empty list; there is nothing to import")
    raise UsageError(f"{file.path} is in no format that can be imported: {format_list()}")
