"""A few flipped bits; 1 000 of them by `python -m tests.bit_flips`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bit_flips.flipped_bits import FlippedProject


@pytest.mark.parametrize("flips", [12, pytest.param(1000, marks=pytest.mark.fuzz)])
def test_no_command_shows_another_figure_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flips: int
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    flipped = FlippedProject(tmp_path)
    assert list(flipped.try_flips(flips, each=1)) == []
    assert flipped.tally.told > flips / 3
