"""Names from elsewhere stay text in Markdown, as a Markdown parser sees it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from loadtui.printable_text import visible_text
from loadtui.report.markdown.escaping import code_span, escaped_text, list_item, markdown_table

NASTY = st.text("`*_[]()<>&|~#@!\\ab1. -+=:/", min_size=1, max_size=30)
MARKDOWN = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def tokens(markdown: str) -> list[str]:
    """Types of what is in it, inside of blocks too."""
    parsed = MARKDOWN.parse(markdown)
    return [t.type for block in parsed for t in (block, *(block.children or []))]


@given(NASTY)
def test_escaped_text_is_a_text_and_nothing_else(text: str) -> None:
    (line,) = [t for t in MARKDOWN.parse(f"x{escaped_text(text)}x") if t.type == "inline"]
    assert {child.type for child in line.children or []} <= {"text", "text_special"}


@given(NASTY.filter(str.strip))
def test_a_code_span_holds_the_text(text: str) -> None:
    (line,) = [t for t in MARKDOWN.parse(f"x {code_span(text)} x") if t.type == "inline"]
    spans = [child for child in line.children or [] if child.type == "code_inline"]
    assert [" ".join(span.content.split()) for span in spans] == [
        " ".join(visible_text(text).split())
    ]


@given(NASTY.filter(str.strip))
def test_a_list_item_begins_no_block_of_its_own(text: str) -> None:
    assert tokens(list_item(text)).count("list_item_open") == 1
    assert not {"heading_open", "hr"} & set(tokens(list_item(text)))


@given(NASTY)
def test_a_table_keeps_its_cells(text: str) -> None:
    lines = markdown_table(["name", "ms"], [[code_span(text), "12"]], right=1)
    assert tokens("\n".join(lines)).count("td_open") == 2
    assert lines[1] == "| --- | ---: |"


@pytest.mark.parametrize(
    "text", ["@someone", "#12", "GH-12", "https://evil.example", "www.evil.example"]
)
def test_nobody_is_mentioned_and_nothing_linked(text: str) -> None:
    assert not re.search(r"@\w|#\d|GH-\d|https?://|www\.\w", escaped_text(text))
