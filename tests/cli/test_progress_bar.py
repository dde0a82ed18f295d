"""A bar that is written again and again."""

from __future__ import annotations

import io

import pytest

from loadtui.cli.progress_bar import DEFAULT_COLUMNS, columns_of, progress_bar


@pytest.mark.parametrize(
    ("share", "room", "bar"),
    [
        (0.0, 80, "....................   0 % "),
        (0.5, 80, "##########..........  50 % "),
        (2.0, 80, "#################### 100 % "),
        (0.5, 14, "####...  50 % "),
        (0.5, 9, " 50 % "),
        (0.5, 3, ""),
    ],
)
def test_what_part_is_done_as_far_as_there_is_room(share: float, room: int, bar: str) -> None:
    assert progress_bar(share, room, unicode=False) == bar
    assert len(progress_bar(share, room, unicode=True)) == len(bar)


def test_what_is_no_terminal_has_columns_too() -> None:
    assert columns_of(io.StringIO()) == DEFAULT_COLUMNS
