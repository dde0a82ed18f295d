"""Text that others wrote, so that it can be printed: the one gate of all outputs.

What can drive a terminal or turn the direction of writing is written out, as `\\x1b` and `\\u202e`,
and what GitHub, where it runs the program, would take for a command has a `\\` in it.
"""

from __future__ import annotations

import re
import unicodedata

_JOINER = "\u200d"
"""Joins emoji into one; the only invisible character that is let through."""
_INVISIBLE = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""What JSON lets stand."""
_COMMAND = re.compile(r"(?:^|(?<=\s))(?=::[A-Za-z])|(?<=##)(?=\[)")
"""Where GitHub sees the beginning of a command, once a line is broken there."""
_LEGACY = "##["
"""One that GitHub sees anywhere in a line."""


def visible_text(text: str) -> str:
    r"""One line of text that drives neither a terminal nor a CI: control characters, escape
    sequences and such that change the direction of writing are written out, as in `\x1b`."""
    if not text.isprintable():
        text = "".join(_visible(character) for character in text)
    return without_commands(text)


def without_commands(text: str) -> str:
    r"""Text of which GitHub takes nothing for a command: these have a `\` in them."""
    return _COMMAND.sub(r"\\", text) if "::" in text or _LEGACY in text else text


def visible_json(text: str) -> str:
    r"""A JSON document that means the same and cannot drive a terminal: C1 controls, DEL, bidi
    controls, line separators and lone surrogates as `\uXXXX`."""
    text = text.replace(_LEGACY, r"##\u005b")
    if text.isascii() and "\x7f" not in text:
        return text
    return _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def drives_terminal(character: str) -> bool:
    """Whether a terminal would do something else than show this character."""
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or bool(
        _INVISIBLE.fullmatch(character)
    )


def _visible(character: str) -> str:
    if character.isprintable() or character == _JOINER:
        return character
    if unicodedata.category(character) == "Zs":
        return " "
    return character.encode("unicode_escape").decode("ascii")
