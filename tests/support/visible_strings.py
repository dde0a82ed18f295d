"""What the program can show: the string literals of its modules, and the docstrings of commands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.source_tree import parsed

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)


def visible_strings(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of each literal with a blank in it; an f-string's values are `§`.

    Docstrings are for readers of the code, but for those of click's commands, which are help.
    """
    hidden: set[int] = set()
    for node in ast.walk(parsed(path)):  # what holds others comes before them
        if isinstance(node, ast.JoinedStr):
            hidden |= {id(piece) for piece in ast.walk(node)}
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "§" for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) in hidden:
                continue
            text = node.value
        else:
            if isinstance(node, DEFINITIONS):
                hidden |= {id(described) for described in _docstrings(node)}
            continue
        if " " in text.strip():
            yield node.lineno, text


def _docstrings(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module,
) -> Iterator[ast.AST]:
    """Of what is no command; and strings below an assignment, which describe it."""
    for child in node.body:
        bare = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if bare and not (child is node.body[0] and _is_command(node)):
            yield child.value


def _is_command(node: ast.AST) -> bool:
    """Whether click made it a command: a decorator named `command` or `group`, of whatever."""
    if not isinstance(node, ast.FunctionDef):
        return False
    called = [d.func if isinstance(d, ast.Call) else d for d in node.decorator_list]
    return any(isinstance(d, ast.Attribute) and d.attr in ("command", "group") for d in called)
