"""The readers of results of other programs, as targets: the first file of a run is damaged."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from loadtui.importing.registry import READERS
from tests.coverage_fuzz.fuzz_targets import FuzzTarget
from tests.importing.fuzz.seeds import seeds_of
from tests.importing.fuzz.trial import read_input

LARGEST = 6000
"""Bytes of an example, of those that have several."""


def _examples(reader: str) -> list[bytes]:
    seeds = seeds_of(reader)
    first = [next(iter(files.values())) for files in seeds if files.keys() == seeds[0].keys()]
    return [data for data in first if len(data) <= LARGEST]


def _attempt(reader: str, data: bytes, folder: Path) -> bool:
    """The other files of the run are as they were."""
    name, *others = seeds_of(reader)[0]
    for other in others:
        if not (folder / other).exists():
            (folder / other).write_bytes(seeds_of(reader)[0][other])
    paths = [folder / name, *(folder / other for other in others)]
    paths[0].write_bytes(data)
    return bool(read_input(paths))


IMPORTER_TARGETS = {
    reader.name: FuzzTarget(partial(_examples, reader.name), partial(_attempt, reader.name))
    for reader in READERS
}
"""By the names of the registry."""
