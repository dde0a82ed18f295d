"""Damaged bytes for whatever reads bytes of others; many more are tried by the command."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.coverage_fuzz.fuzz_targets import FUZZ_TARGETS
from tests.coverage_fuzz.importer_targets import IMPORTER_TARGETS
from tests.importing.fuzz.mutations import mutated


@pytest.mark.parametrize("name", FUZZ_TARGETS)
def test_examples_are_read(name: str, tmp_path: Path) -> None:
    for seed in FUZZ_TARGETS[name].seeds():
        assert FUZZ_TARGETS[name].attempt(seed, tmp_path)


@pytest.mark.parametrize("name", IMPORTER_TARGETS)
def test_examples_of_results_are_read(name: str, tmp_path: Path) -> None:
    seeds = IMPORTER_TARGETS[name].seeds()
    assert seeds
    assert all(IMPORTER_TARGETS[name].attempt(seed, tmp_path) for seed in seeds)


@pytest.mark.parametrize("name", FUZZ_TARGETS)
@pytest.mark.parametrize("count", [60, pytest.param(100_000, marks=pytest.mark.fuzz)])
def test_nothing_is_wrong_whatever_they_are(name: str, count: int, tmp_path: Path) -> None:
    target = FUZZ_TARGETS[name]
    seeds = target.seeds()
    for number in range(count):
        draw = Random(f"{name} {number}")
        target.attempt(mutated(draw, draw.choice(seeds)), tmp_path)
