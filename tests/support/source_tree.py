"""What the modules of loadtui define and import, read from their text without importing them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "loadtui"
TESTS = ROOT / "tests"

DOTTED = re.compile(r"(?:loadtui|tests\.support)(?:\.\w+)*")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def modules() -> list[str]:
    """Every module as its path in the package: `store/journal.py`."""
    return sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def definitions(module: str) -> list[str]:
    """Public functions and classes at its top."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    body = parsed(PACKAGE / module).body
    return [n.name for n in body if isinstance(n, kinds) and not n.name.startswith("_")]


def constants(module: str) -> list[str]:
    """Public variables at its top."""
    names = []
    for node in parsed(PACKAGE / module).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        names += [t.id for t in targets if isinstance(t, ast.Name) and not t.id.startswith("_")]
    return names


def functions(module: str) -> Iterator[Function]:
    """All functions, methods and inner ones too."""
    for node in ast.walk(parsed(PACKAGE / module)):
        if isinstance(node, Function):
            yield node


@cache
def imported(path: Path) -> set[Path]:
    """Files of loadtui and of the tests that a file imports, anywhere in it, or names by a string
    in order to load or to start them."""
    files: set[Path] = set()
    inside = path.parent.relative_to(ROOT / "src" if PACKAGE in path.parents else ROOT)
    package = ".".join(inside.parts)
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                files |= _files_of(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            files |= _files_of(node.module)
            for alias in node.names:
                files |= _files_of(f"{node.module}.{alias.name}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = f"{package}{node.value}" if node.value.startswith(".") else node.value
            files |= _files_of(name) | _files_of(f"{name}.__main__")
    return files


@cache
def reached(path: Path) -> set[Path]:
    """`imported`, and what those files and the conftests of a test import in their turn."""
    seen: set[Path] = set()
    ahead = [path, *(f / "conftest.py" for f in path.parents if (f / "conftest.py").is_file())]
    while ahead:
        new = imported(ahead.pop()) - seen
        seen |= new
        ahead += new
    return seen


@cache
def _files_of(dotted: str) -> frozenset[Path]:
    if not DOTTED.fullmatch(dotted):
        return frozenset()
    base = ROOT / "src" if dotted.startswith("loadtui") else ROOT
    path = base.joinpath(*dotted.split("."))
    return frozenset(f for f in (path.with_suffix(".py"), path / "__init__.py") if f.is_file())
