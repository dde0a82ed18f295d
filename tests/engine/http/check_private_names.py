"""Each private name of a dependency that the fast path uses: it is there, in the shape relied on,
and none is used that no `*_internals.py` file lists."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import loadtui.engine.http
from loadtui.engine.http.private_names import Dependency, PrivateName
from loadtui.engine.http.stock_clients import (
    FASTHTTP_DEPENDENCIES,
    REQUESTS_DEPENDENCIES,
    stock_clients,
)

FOLDER = Path(loadtui.engine.http.__file__).parent
NAMES = {
    f"{dependency.package}: {name.owner}.{name.name}": name
    for dependency in (*FASTHTTP_DEPENDENCIES, *REQUESTS_DEPENDENCIES)
    for name in dependency.names
}


@pytest.mark.parametrize("name", NAMES.values(), ids=list(NAMES))
def test_name(name: PrivateName) -> None:
    assert name.problem() is None
    assert name.reason


def test_both_fast_paths_can_be_used() -> None:
    assert not stock_clients()


@pytest.mark.parametrize(
    "dependency",
    FASTHTTP_DEPENDENCIES + REQUESTS_DEPENDENCIES[1:],
    ids=lambda dependency: dependency.package,
)
def test_versions(dependency: Dependency) -> None:
    assert dependency.version()[0].isdigit()


def _uses(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Names with one leading underscore that are read from objects or modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield from ((alias.name, node.lineno) for alias in node.names)


def _own(tree: ast.Module) -> Iterator[str]:
    """Names that the file's own code defines."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if ast.unparse(node.value) == "self":
                yield node.attr
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            yield ast.unparse(node.slice).strip("'")  # instance.__dict__["name"] = ...


def test_no_other_private_name_is_used() -> None:
    trees = {path: ast.parse(path.read_text("utf-8")) for path in FOLDER.rglob("*.py")}
    known = {name for tree in trees.values() for name in _own(tree)}
    known |= {name.name for name in NAMES.values()}
    unlisted = {
        f"{path.relative_to(FOLDER)}:{line}: {name}"
        for path, tree in trees.items()
        for name, line in _uses(tree)
        if name.startswith("_") and not name.endswith("__") and name not in known
    }
    assert unlisted == set()
