"""Which files are results of which program, and which of them are of one run.

Import this module where it is used: it loads polars.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from loadtui.errors import UsageError
from loadtui.importing.contradictions import check_figures
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.reader import Reader
from loadtui.importing.registry import READERS, format_list
from loadtui.importing.source import ImportSource


def read_files(paths: Sequence[Path]) -> Iterator[ImportSource]:
    """The runs that files tell of, in the order of their first files.

    Every file is looked at before the first is read.  Raises UsageError for a file that is in none
    of the known formats, or damaged, or of which more requests failed than there are.
    """
    files = [ResultFile(path) for path in dict.fromkeys(paths)]
    claimed = [(reader_of(file), file) for file in files]
    groups: list[tuple[Reader, Sequence[ResultFile]]] = []
    for reader in READERS:
        own = [file for claiming, file in claimed if claiming is reader]
        groups += [(reader, group) for group in reader.groups(own)]
    for reader, group in sorted(groups, key=lambda group: files.index(group[1][0])):
        read = reader.read(group)
        for source in [read] if isinstance(read, ImportSource) else read:
            check_figures(source)
            yield source


def reader_of(file: ResultFile) -> Reader:
    """The reader of a file's format; UsageError when there is none."""
    for reader in READERS:
        if reader.claims(file):
            return reader
    if file.is_binary:
        raise UsageError(f"{file.path} is no text file, and no format that can be imported")
    if file.document == []:
        raise UsageError(f"{file.path} holds an empty list; there is nothing to import")
    raise UsageError(f"{file.path} is in no format that can be imported: {format_list()}")
