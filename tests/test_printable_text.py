"""The gate of all outputs: what others wrote cannot drive a terminal."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.printable_text import drives_terminal, visible_json, visible_text, without_commands

HOSTILE = {
    "escape sequence": ("\x1b[31mred", r"\x1b[31mred"),
    "title": ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
    "C1": ("\x9b31m", r"\x9b31m"),
    "newline and workflow command": ("a\n::error::b", r"a\n::error::b"),
    "carriage return": ("a\rb", r"a\rb"),
    "bidi override": ("a\u202eb", r"a\u202eb"),
    "bidi isolate": ("a\u2066b", r"a\u2066b"),
    "direction mark": ("a\u200fb", r"a\u200fb"),
    "line separator": ("a\u2028b", r"a\u2028b"),
    "lone surrogate": ("a\udc80b", r"a\udc80b"),
}
_ANY = st.text(st.characters(exclude_categories=()) | st.sampled_from("\x1b\x9b\u202e\u200f\n"))
_BIDI = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


@pytest.mark.parametrize(("text", "shown"), HOSTILE.values(), ids=HOSTILE)
def test_what_drives_a_terminal_is_written_out(text: str, shown: str) -> None:
    assert visible_text(text) == shown


@pytest.mark.parametrize("text", ["GET /v1/é", "한국어", "👩\u200d💻", "a b", ""])
def test_what_can_be_read_is_left_alone(text: str) -> None:
    assert visible_text(text) == text


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("::error::b", r"\::error::b"),
        ("  ::set-env::b", r"  \::set-env::b"),
        ("a ##[error]b", r"a ##\[error]b"),
        ("a::b", "a::b"),
        (" ", " "),
    ],
)
def test_a_line_is_no_command_for_github(line: str, shown: str) -> None:
    assert visible_text(line) == shown


@given(_ANY)
def test_no_text_gets_through_that_drives_a_terminal(text: str) -> None:
    shown = visible_text(text)
    assert not any(drives_terminal(character) for character in shown)
    assert all(
        unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        and unicodedata.bidirectional(character) not in _BIDI
        for character in shown
    )
    assert visible_text(shown) == shown
    shown.encode()


@given(_ANY)
def test_json_is_escaped_and_means_the_same(text: str) -> None:
    # Python writes the reference: JSON joins a pair of surrogates, however it is written.
    same = json.loads(json.dumps({text: text}))
    written = visible_json(json.dumps({text: text}, ensure_ascii=False))
    assert json.loads(written) == same
    assert not any(drives_terminal(character) for character in written)
    written.encode()


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("\x1b[31m::error::red", "\x1b[31m::error::red"),
        ("::warning::b", r"\::warning::b"),
        ("worker | ##[group]b", r"worker | ##\[group]b"),
    ],
)
def test_a_line_of_a_log_keeps_all_but_commands(line: str, shown: str) -> None:
    assert without_commands(line) == shown
