from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from loadtui.tui.cells import text as text_module
from loadtui.tui.cells.text import (
    cell_spans,
    changed_cells,
    crop,
    fit_middle,
    fit_width,
    justified,
    line_cells,
    one_line,
    plain_text,
)

TEXTS = st.text(
    st.one_of(
        st.characters(min_codepoint=32, max_codepoint=126), st.sampled_from("한국어漢字🚀é–…·━")
    ),
    max_size=40,
)


@given(TEXTS, st.integers(0, 50))
def test_fit_fills_exactly(text, width):
    assert cell_len(fit_width(text, width)) == width
    assert cell_len(fit_width(text, width, "right")) == width
    assert cell_len(fit_middle(text, width)) == width


def test_fit():
    assert fit_width("abcdef", 4) == "abc…"
    assert fit_width("한국어", 5) == "한국…"
    assert fit_width("한국어", 4) == "한… "
    assert fit_width("7", 3, "right") == "  7"
    assert fit_middle("GET /a/long/name/with/number/42", 15) == "GET /a/…mber/42"


@given(st.text(max_size=60))
def test_clean_leaves_nothing_that_drives_a_terminal(text):
    assert one_line(text).isprintable()


@given(TEXTS, st.integers(1, 60))
def test_cells_are_as_many_as_asked(text, width):
    row = line_cells([(text, "text")], width)
    assert len(row) == width
    assert cell_len("".join(character for character, _ in row)) == width
    assert line_cells(cell_spans(row), width) == row
    assert len(cell_spans(row)) <= 1


@given(TEXTS, TEXTS)
def test_painting_the_changed_columns_makes_the_new_row(before, after):
    old, new = line_cells([(before, "a")], 50), line_cells([(after, "a")], 50)
    difference = changed_cells(old, new)
    if difference is None:
        assert old == new
        return
    first, last = difference
    assert old[:first] + new[first:last] + old[last:] == new
    # No wide character is cut in half, neither an old nor a new one.
    assert old[first][0]
    assert new[first][0]
    assert last == 50 or (old[last][0] and new[last][0])


@given(TEXTS, st.integers(0, 30))
def test_crop(text, width):
    assert sum(cell_len(part) for part, _ in crop([(text, "a"), (text, "b")], width)) <= width


def test_ends_cuts_the_start():
    line = justified([("a long beginning", "a")], [("end", "b")], 12)
    assert "".join(text for text, _ in line) == "a long…  end"


@given(TEXTS)
def test_plain_is_ascii_of_the_same_width(text):
    assert plain_text(text).isascii()
    assert cell_len(plain_text(text)) == cell_len(text)


@pytest.mark.parametrize(
    "text", ["x", "界", "e\u0301", "👩\u200d🚀", "\u200d", "\u0301"], ids=ascii
)
def test_a_name_of_maximal_length_is_measured_once(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[str] = []

    def cells(measure: str) -> int:
        measured.append(measure)
        return cell_len(measure)

    monkeypatch.setattr(text_module, "cell_len", cells)
    fitted = fit_middle(text * (1_000 // len(text)), 61)
    assert len(measured) <= 4
    assert cell_len(fitted) == 61
    assert "…\u0301" not in fitted
