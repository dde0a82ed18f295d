"""Somebody is told how far files have been read."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from loadtui.importing.files.text_file import open_text
from loadtui.importing.files.watched_file import reading_watched

LINES = [f"{at} {at * 7919}\n" for at in range(60_000)]


@pytest.mark.parametrize("packed", [False, True])
def test_bytes_are_told_as_they_lie_in_the_file(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "lines"
    text = "".join(LINES).encode()
    path.write_bytes(gzip.compress(text) if packed else text)
    told: list[int] = []

    def watch(its: Path, position: int) -> None:
        assert its == path
        told.append(position)

    with reading_watched(watch), open_text(path) as file:
        middle = [next(file) for _ in range(30_000)]
        before_end = told[-1]
        assert middle + list(file) == LINES
    size = path.stat().st_size
    assert max(told) == size
    assert 0 < before_end < size or packed


def test_nobody_is_told_of_what_is_opened_later(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_text("a\n")
    told: list[int] = []
    with reading_watched(lambda _, position: told.append(position)):
        pass
    with open_text(path) as file:
        assert list(file) == ["a\n"]
    assert told == []
