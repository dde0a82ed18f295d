"""Python, written as ruff formats it: on one line where it fits, else an item a line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from unicodedata import category, east_asian_width

from loadtui.new_project.service_request import FromEnvironment

WIDTH = 88
"""Columns of a line, ruff's default."""
INDENT = "    "
_DEEPEST = 40


def columns(text: str) -> int:
    """How wide ruff takes a line to be: characters of East Asia have two columns."""
    if text.isascii():
        return len(text)
    return sum(
        2 if east_asian_width(c) in "WF" else 0 if category(c) in ("Mn", "Me") else 1 for c in text
    )


def assignment(name: str, text: str, indent: int) -> str:
    """A string that is given to a name, in brackets where it fits only so."""
    pad, written = " " * indent, string_literal(text)
    line = f"{pad}{name} = {written}"
    inner = f"{pad}{INDENT}{written}"
    if columns(line) <= WIDTH or columns(inner) > WIDTH:
        return line
    return f"{pad}{name} = (\n{inner}\n{pad})"


def string_literal(text: str) -> str:
    """A string in the quotes that need fewer escapes."""
    quote = _quote_for(text)
    return quote + "".join(_escaped(character, quote) for character in text) + quote


def f_string(parts: Sequence[str | FromEnvironment]) -> str:
    """A string of texts and of the values of variables between them."""
    quote = _quote_for("".join(part for part in parts if isinstance(part, str)))
    made = [
        f"{{{part.variable}}}"
        if isinstance(part, FromEnvironment)
        else "".join(_escaped(c, quote) * (2 if c in "{}" else 1) for c in part)
        for part in parts
    ]
    return f"f{quote}{''.join(made)}{quote}"


def _quote_for(text: str) -> str:
    return "'" if text.count('"') > text.count("'") else '"'


def _escaped(character: str, quote: str) -> str:
    if character in ("\\", quote):
        return f"\\{character}"
    return character if character.isprintable() else repr(character)[1:-1]


def environment_literal(value: FromEnvironment) -> str:
    return f_string([value.before, value]) if value.before else value.variable


def literal(value: object, column: int, indent: int, after: int = 1, depth: int = 0) -> str:
    """A value of JSON as Python.

    `column` is where it begins, `indent` how many columns its line is indented, and `after` how
    many characters follow it on its last line.
    """
    flat = _flat(value, depth)
    if not isinstance(value, Mapping | Sequence) or isinstance(value, str) or not value:
        return flat
    if column + columns(flat) + after <= WIDTH or depth > _DEEPEST:
        return flat
    inner = indent + len(INDENT)
    pad = " " * inner
    lines = []
    if isinstance(value, Mapping):
        for key, one in value.items():
            start = f"{pad}{_flat(str(key), depth)}: "
            lines.append(f"{start}{literal(one, columns(start), inner, 1, depth + 1)},")
    else:
        lines = [f"{pad}{literal(one, inner, inner, 1, depth + 1)}," for one in value]
    left, right = _brackets(value)
    return "\n".join([left, *lines, " " * indent + right])


def _flat(value: object, depth: int) -> str:
    if isinstance(value, FromEnvironment):
        return environment_literal(value)
    if isinstance(value, str):
        return string_literal(value)
    if isinstance(value, float):
        return repr(value).replace("e+", "e") if abs(value) < float("inf") else "None"
    if isinstance(value, Mapping | Sequence) and depth > _DEEPEST:
        return "None"
    left, right = _brackets(value)
    if isinstance(value, Mapping):
        pairs = (f"{_flat(str(k), depth)}: {_flat(v, depth + 1)}" for k, v in value.items())
        return f"{left}{', '.join(pairs)}{right}"
    if isinstance(value, Sequence):
        return f"{left}{', '.join(_flat(one, depth + 1) for one in value)}{right}"
    return repr(value)


def _brackets(value: object) -> tuple[str, str]:
    if isinstance(value, Mapping):
        return "{", "}"
    return ("(", ")") if isinstance(value, tuple) else ("[", "]")


def call_statement(function: str, arguments: Sequence[tuple[str, object]], indent: int) -> str:
    """A statement that calls; an argument is its keyword, or none, and a value or `Expression`."""
    flat = ", ".join(_keyword(name) + _argument(value) for name, value in arguments)
    line = f"{' ' * indent}{function}({flat})"
    if columns(line) <= WIDTH:
        return line
    inner = indent + len(INDENT)
    lines = []
    for name, value in arguments:
        start = " " * inner + _keyword(name)
        text = value.text if isinstance(value, Expression) else literal(value, len(start), inner)
        lines.append(f"{start}{text},")
    return "\n".join([f"{' ' * indent}{function}(", *lines, f"{' ' * indent})"])


class Expression:
    """Python that is written as it is."""

    def __init__(self, text: str) -> None:
        self.text = text


def _keyword(name: str) -> str:
    return f"{name}=" if name else ""


def _argument(value: object) -> str:
    return value.text if isinstance(value, Expression) else _flat(value, 0)


def python_words(text: str) -> list[str]:
    """The words of a title, a path or an identifier, in lower case and in ASCII."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    return re.findall(r"[a-z0-9]+", spaced.lower())
