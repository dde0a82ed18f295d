"""The prose of Markdown and of user-visible strings: sentences, with the line each begins at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(r"^\s*(```|~~~)")
LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d+\.)\s+")
HEADING = re.compile(r"^#+\s+")
CODE = re.compile(r"(`+)(?:(?!\1).)+?\1")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SENTENCE_END = re.compile(r"(?<=[.!?:;])[)\"'*_]*\s+")
WORD = re.compile(r"[A-Za-z가-힣][\w'’-]*|§")


@dataclass(frozen=True)
class Passage:
    """A paragraph, list item, table cell or heading, without code; `line` counts from 1."""

    line: int
    text: str

    def sentences(self) -> list[str]:
        """A colon and a semicolon end a sentence too: what follows them can be read by itself."""
        return [part for part in SENTENCE_END.split(self.text) if part.strip()]


def words(sentence: str) -> int:
    """How many; an inline piece of code is one."""
    return len(WORD.findall(sentence))


def plain(text: str) -> str:
    """Without markup: a link is its text, a piece of code `§`."""
    return LINK.sub(r"\1", CODE.sub("§", text)).replace("**", "")


def passages(markdown: str) -> Iterator[Passage]:
    """The prose of a document; fenced and indented code is left out."""
    hidden = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), markdown)
    open_lines: list[str] = []
    began = 0
    fenced = False

    def closed() -> Iterator[Passage]:
        if open_lines:
            yield Passage(began, plain(" ".join(open_lines)))
            open_lines.clear()

    for number, line in enumerate(hidden.splitlines(), 1):
        if FENCE.match(line):
            yield from closed()
            fenced = not fenced
        elif fenced or (line.startswith("    ") and not open_lines):
            continue
        elif line.lstrip().startswith("|"):
            yield from closed()
            cells = CODE.sub("§", line).replace("\\|", "§").strip().strip("|").split("|")
            for cell in cells:
                if cell.strip(" -:"):
                    yield Passage(number, plain(cell.strip()))
        elif not line.strip():
            yield from closed()
        elif HEADING.match(line):
            yield from closed()
            yield Passage(number, plain(HEADING.sub("", line)))
        else:
            if LIST_ITEM.match(line):
                yield from closed()
            if not open_lines:
                began = number
            open_lines.append(LIST_ITEM.sub("", line).strip())
    yield from closed()
