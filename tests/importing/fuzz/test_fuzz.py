"""Whatever is in a file, reading it ends in runs, which every view can show, or in a UsageError.

`pytest -m fuzz` tries many inputs; `python -m tests.importing.fuzz` does the same with a choice of
readers and numbers, and writes a single input to look at.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.registry import READERS
from loadtui.importing.run_sources import reader_of
from tests.importing.fuzz.campaign import described, fuzz
from tests.importing.fuzz.seeds import SEEDS, seeds_of
from tests.importing.fuzz.trial import try_input, try_seeds

NAMES = [reader.name for reader in READERS]
FEW = 40
"""Inputs of each reader in the ordinary suite, of which some are saved and shown."""
MANY = 100_000


def test_each_reader_has_seeds() -> None:
    assert list(SEEDS) == NAMES, "write one in tests/importing/fuzz/seeds.py"


@pytest.mark.parametrize("name", NAMES)
def test_seeds_are_read_by_their_reader(name: str, tmp_path: Path) -> None:
    for files in seeds_of(name):
        for file, content in files.items():
            (tmp_path / file).write_bytes(content)
            assert reader_of(ResultFile(tmp_path / file)).name == name
    outcomes = try_seeds(name, tmp_path)
    assert [outcome.finding for outcome in outcomes if outcome.finding] == []
    assert all(outcome.accepted for outcome in outcomes)


@pytest.mark.parametrize("name", NAMES)
def test_a_few_damaged_files(name: str, tmp_path: Path) -> None:
    outcomes = [try_input(name, at, tmp_path, show=at % 20 == 0) for at in range(FEW)]
    assert described([one.finding for one in outcomes if one.finding]) == []
    assert any(outcome.accepted for outcome in outcomes)
    assert not all(outcome.accepted for outcome in outcomes)


@pytest.mark.fuzz
@pytest.mark.parametrize("name", NAMES)
def test_many_damaged_files(name: str) -> None:
    tally = fuzz(name, range(MANY), processes=2)
    print(tally.line())
    assert described(tally.findings) == []
