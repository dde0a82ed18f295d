"""A format that can be imported: how its files are told from others, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.source import ImportSource


def each_alone(files: Sequence[ResultFile]) -> list[list[ResultFile]]:
    """Every file is a run of its own."""
    return [[file] for file in files]


class Reader(NamedTuple):
    """One entry of the registry (loadtui.importing.registry)."""

    name: str
    """The format, in words for people."""
    claims: Callable[[ResultFile], bool]
    """Whether a file is of this format, by its content.  May raise UsageError for a damaged one."""
    read: Callable[[Sequence[ResultFile]], ImportSource | Sequence[ImportSource]]
    """The run that the files of one group tell of, or several where they were put together.  Raises
    UsageError for damaged files, and for those that hold no request."""
    groups: Callable[[Sequence[ResultFile]], Sequence[Sequence[ResultFile]]] = each_alone
    """Which of the files of this format are of one run, each group with its files in the order in
    which they were named."""


def of_one(
    read: Callable[[ResultFile], ImportSource | Sequence[ImportSource]],
) -> Callable[..., ImportSource | Sequence[ImportSource]]:
    """`Reader.read` of a format whose files are read each by itself."""

    def read_group(files: Sequence[ResultFile]) -> ImportSource | Sequence[ImportSource]:
        (file,) = files
        return read(file)

    return read_group
