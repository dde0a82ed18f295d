"""Markdown documents as readers use them: blocks to copy, links to follow, headings to reach."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(
    r"(?:<!-- (?P<remark>[^>]*?) -->\n)?^(?P<indent> *)```(?P<language>\w+)\n(?P<body>.*?)^ *```$",
    re.DOTALL | re.MULTILINE,
)
ANY_FENCE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
INLINE_CODE = re.compile(r"`[^`\n]*`")
ENDS_OF_COMMANDS = {"&&", "||", "|", ";", "&", "\n"}
REDIRECTIONS = {">", ">>", "<", ">&"}
VARIABLE = re.compile(r"[A-Z_]+=.*")


@dataclass(frozen=True)
class Block:
    """A fenced block; `remark` is the HTML comment on the line before it, "" without one."""

    document: Path
    line: int
    language: str
    body: str
    remark: str

    def __str__(self) -> str:
        return f"{self.document.name}:{self.line}"


def blocks(document: Path) -> list[Block]:
    text = document.read_text(encoding="utf-8")
    return [
        Block(
            document,
            text[: found.start("language")].count("\n") + 1,
            found["language"],
            found["body"],
            found["remark"] or "",
        )
        for found in FENCE.finditer(text)
    ]


def commands(script: str) -> Iterator[list[str]]:
    """The simple commands of a shell script, without variables before them and redirections."""
    for line in script.replace("\\\n", " ").splitlines():
        reader = shlex.shlex(line, posix=True, punctuation_chars=True)
        reader.whitespace_split = True
        words: list[str] = []
        skip = False
        for token in [*reader, "\n"]:
            if token in ENDS_OF_COMMANDS:
                while words and VARIABLE.fullmatch(words[0]):
                    del words[0]
                if words:
                    yield words
                words = []
            elif skip or token in REDIRECTIONS:
                skip = token in REDIRECTIONS
            else:
                words.append(token)


def links(document: Path) -> set[str]:
    """Targets of its links and pictures, code left out."""
    text = ANY_FENCE.sub("", document.read_text(encoding="utf-8"))
    return set(LINK.findall(INLINE_CODE.sub("`", text)))


def anchors(document: Path) -> set[str]:
    """What may stand behind a `#`, by GitHub's rule."""
    text = ANY_FENCE.sub("", document.read_text(encoding="utf-8"))
    return {_slug(heading) for heading in HEADING.findall(text)}


def _slug(heading: str) -> str:
    shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower().strip()
    return re.sub(r"[^\w\- ]", "", shown).replace(" ", "-")
