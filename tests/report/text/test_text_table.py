"""Columns line up whatever is in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from loadtui.printable_text import visible_text
from loadtui.report.account.shortening import shorten
from loadtui.report.text.text_table import TextColumn, text_table

NAME = TextColumn("name", right=False, gives_way=True)


def test_wide_characters_line_up() -> None:
    rows = [("GET /검색 🔎", "5"), ("GET /plain", "1 234")]
    lines = text_table([NAME, TextColumn("n")], rows, 80)
    assert lines == [
        "name              n",
        "GET /검색 🔎      5",
        "GET /plain    1 234",
    ]
    assert len({cell_len(line) for line in lines}) == 1


def test_a_long_name_gives_way_in_the_middle() -> None:
    (_, line) = text_table([NAME, TextColumn("n")], [("/api/" + "x" * 100 + "/end", "123")], 30)
    assert cell_len(line) == 30
    assert line.startswith("/api/xxx")
    assert line.endswith("/end  123")
    assert "…" in line


def test_the_wider_of_two_names_gives_way_first() -> None:
    line = text_table([NAME, NAME], [("short name", "y" * 100)], 40)[1]
    assert line.startswith("short name  ")
    assert cell_len(line) == 40


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("검색 🔎", "검색 🔎"),
        ("a\nb\tc", r"a\nb\tc"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\u202egnp", r"\u202egnp"),
        ("non\u00a0breaking", "non breaking"),
        ("\udc80", r"\udc80"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible_text(text) == shown


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [("abcdef", 6, "abcdef"), ("abcdef", 5, "ab…ef"), ("abcdef", 1, "…"), ("abcdef", 0, "")],
)
def test_shorten(text: str, width: int, short: str) -> None:
    assert shorten(text, width) == short


@given(st.text(), st.integers(0, 40))
def test_shorten_never_exceeds_the_width(text: str, width: int) -> None:
    assert cell_len(shorten(visible_text(text), width)) <= width


@given(st.lists(st.tuples(st.text(), st.text(max_size=12), st.text()), max_size=5))
def test_no_line_exceeds_the_width_or_drives_the_terminal(
    rows: list[tuple[str, str, str]],
) -> None:
    shown = [tuple(visible_text(cell) for cell in row) for row in rows]
    for line in text_table([NAME, TextColumn("n"), NAME], shown, 80):
        assert cell_len(line) <= 80
        assert all(character.isprintable() or character == "\u200d" for character in line)
