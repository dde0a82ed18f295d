"""Splits what was copied from a terminal, or for one, into commands and their words, as bash does.

Nothing is expanded: `$NAME` and backquotes stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ESCAPES = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
    "v": "\v", "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip
_CODE = re.compile(r"x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})")
_PART = re.compile(r"""[^\s\\'"$;|&<>#]+""")


def shell_commands(text: str) -> Iterator[list[str]]:
    """The words of each command.  Raises ValueError for a quote that is not closed."""
    words: list[str] = []
    skipping = False
    for word in _words(text.replace("\r\n", "\n")):
        if word is None:
            if words:
                yield words
            words, skipping = [], False
        elif isinstance(word, _Operator):
            skipping = True  # of a pipe or a redirection only the command in front is meant
        elif not skipping:
            words.append(word)
    if words:
        yield words


class _Operator(str):
    """What has a meaning of its own for the shell."""

    __slots__ = ()


def _words(text: str) -> Iterator[str | None]:
    """Words and operators; None for the end of a command."""
    at, word = 0, ""
    begun = False
    while at < len(text):
        character = text[at]
        if found := _PART.match(text, at):
            word, begun, at = word + found[0], True, found.end()
        elif character == "\\":
            if text[at + 1 : at + 2] != "\n":
                word, begun = word + text[at + 1 : at + 2], True
            at += 2
        elif character == "'":
            end = _closing(text, at)
            word, begun, at = word + text[at + 1 : end], True, end + 1
        elif character == '"':
            part, at = _double_quoted(text, at + 1)
            word, begun = word + part, True
        elif text.startswith("$'", at):
            part, at = _dollar_quoted(text, at + 2)
            word, begun = word + part, True
        elif character == "$" or (character == "#" and begun):
            word, begun, at = word + character, True, at + 1
        elif character == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        else:
            if begun:
                yield word
            word, begun = "", False
            if character == "\n":
                yield None
            elif not character.isspace():
                yield _operator(character)
            at += 1
    if begun:
        yield word


def _operator(character: str) -> _Operator | None:
    return None if character in ";&" else _Operator(character)


def _closing(text: str, start: int) -> int:
    end = text.find("'", start + 1)
    if end < 0:
        raise ValueError("a quote is opened and never closed")
    return end


def _double_quoted(text: str, at: int) -> tuple[str, int]:
    """What stands up to the next double quote, and the place behind that."""
    parts: list[str] = []
    while at < len(text):
        character = text[at]
        if character == '"':
            return "".join(parts), at + 1
        if character == "\\" and text[at + 1 : at + 2] in ('"', "\\", "$", "`", "\n"):
            parts.append(text[at + 1].replace("\n", ""))
            at += 2
        else:
            parts.append(character)
            at += 1
    raise ValueError("a quote is opened and never closed")


def _dollar_quoted(text: str, at: int) -> tuple[str, int]:
    """The same of $'...', in which backslashes name characters; bytes are those of UTF-8."""
    parts: list[bytes] = []
    while at < len(text):
        character = text[at]
        if character == "'":
            return b"".join(parts).decode("utf-8", "replace"), at + 1
        if character == "\\" and at + 1 < len(text):
            found = _CODE.match(text, at + 1)
            if found:
                parts.append(_coded(found))
                at = found.end()
                continue
            following = text[at + 1]
            plain = _ESCAPES.get(following, f"\\{following}")
            parts.append(plain.encode("utf-8", "replace"))
            at += 2
        else:
            parts.append(character.encode("utf-8", "replace"))
            at += 1
    raise ValueError("a quote is opened and never closed")


def _coded(found: re.Match[str]) -> bytes:
    if found[1] or found[4]:
        return bytes([int(found[1], 16) if found[1] else int(found[4], 8) & 0xFF])
    code = int(found[2] or found[3], 16)
    return chr(min(code, 0x10FFFF)).encode("utf-8", "replace")
