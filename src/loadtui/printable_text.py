"""Text that others wrote, so that it can be printed: the one gate of all outputs.

What can drive a terminal or turn the direction of writing is written out, as `\\x1b` and `\\u202e`.
"""

from __future__ import annotations

import re
import unicodedata

_JOINER = "\u200d"
"""Joins emoji into one; the only invisible character that is let through."""
_INVISIBLE = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"  # JSON lets them stand
)


def visible_text(text: str) -> str:
    r"""One line of text that cannot drive a terminal: control characters, escape sequences and
    such that change the direction of writing are written out, as in `\x1b`."""
    if text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def visible_line(text: str) -> str:
    """The same of what is printed as a line of its own: GitHub, where it runs the program, takes a
    line that begins with `::` or holds `##[` for a command; these are written out too."""
    shown = visible_text(text).replace("##[", r"##\x5b")
    rest = shown.lstrip()
    return shown[: -len(rest)] + r"\x3a" + rest[1:] if rest.startswith("::") else shown


def visible_json(text: str) -> str:
    r"""A JSON document that means the same and cannot drive a terminal: C1 controls, DEL, bidi
    controls, line separators and lone surrogates as `\uXXXX`."""
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
