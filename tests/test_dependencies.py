"""What pyproject.toml declares is what is imported, and every range has both ends."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = PYPROJECT["project"]
ALL = "all"
DEV = "dev"
DOCS = "docs"
"""What makes the documents a site (.mkdocs.yml): programs, which nothing imports."""

# An extra -> the only files, or folders of files, below src that may import what it declares.
PARTS = {
    "demo": ("loadtui/demo",),
    "github": ("loadtui/github",),
    "serve": ("loadtui/tui/browser.py", "loadtui/tui/textual_serve_internals.py"),
}
# Locustfiles import what lies beside them once they are run.
RUN_ELSEWHERE = ROOT / "tests" / "conformance" / "locustfiles"
UNDECLARED = {"locust_plugins": "imported only where it is installed already"}
NOT_IMPORTED = {
    "import-linter": "a program: the import contracts",
    "loadtui": "the other extras, for the tests",
    "mypy": "a program: the type checker",
    "ruff": "a program: the linter and formatter",
    "syrupy": "a plugin of pytest: the fixture `snapshot`",
}


class Import(NamedTuple):
    """A module that is not of the standard library, and where it is imported."""

    name: str
    """The top-level name: `urllib3` for `urllib3.util.url`."""
    file: Path
    typing_only: bool


@cache
def outside_imports(folder: Path) -> tuple[Import, ...]:
    """Imports in the Python files of a folder, less those of the repository's own modules."""
    return tuple(
        Import(name, file, typing_only)
        for file in sorted(folder.rglob("*.py"))
        if not file.is_relative_to(RUN_ELSEWHERE)
        for node, typing_only in statements(ast.parse(file.read_text()))
        for name in top_level_names(node)
        if name not in sys.stdlib_module_names and not is_own(name)
    )


def statements(tree: ast.Module) -> list[tuple[ast.AST, bool]]:
    """All nodes, and of each whether it stands below `if TYPE_CHECKING:`."""
    nodes = list(ast.walk(tree))
    guarded = {
        id(inner)
        for node in nodes
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for statement in node.body
        for inner in ast.walk(statement)
    }
    return [(node, id(node) in guarded) for node in nodes]


def top_level_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [node.module.split(".")[0]]
    return []


@cache
def is_own(name: str) -> bool:
    paths = PYPROJECT["tool"]["pytest"]["ini_options"]["pythonpath"]
    folders = [ROOT, ROOT / "src", *(ROOT / path for path in paths)]
    return any((at / name).is_dir() or (at / f"{name}.py").is_file() for at in folders)


def declared(*extras: str) -> set[str]:
    """Names of the distributions that are always installed, and of those in these extras."""
    lists = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][e] for e in extras)]
    return {canonicalize_name(Requirement(text).name) for texts in lists for text in texts}


DISTRIBUTIONS = packages_distributions()


def distributions(name: str) -> set[str]:
    """The distributions that a top-level name comes with; itself, where none is installed."""
    return {canonicalize_name(distribution) for distribution in DISTRIBUTIONS.get(name, [name])}


def undeclared(imports: Iterable[Import], *extras: str) -> set[str]:
    allowed = declared(*extras)
    return {
        f"{item.file.relative_to(ROOT)}: {item.name}"
        for item in imports
        if item.name not in UNDECLARED and not distributions(item.name) & allowed
    }


def extras_of(file: Path) -> list[str]:
    """The extras whose distributions a file of src may import."""
    inside = file.relative_to(ROOT / "src")
    return [extra for extra, parts in PARTS.items() if any(map(inside.is_relative_to, parts))]


def test_what_the_program_imports_is_declared() -> None:
    missing: set[str] = set()
    for item in outside_imports(ROOT / "src"):
        types = [DEV] if item.typing_only else []
        missing |= undeclared([item], *extras_of(item.file), *types)
    assert missing == set()


def test_what_scenarios_import_is_declared() -> None:
    assert undeclared(outside_imports(ROOT / "scenarios")) == set()


def test_what_tests_import_is_declared() -> None:
    everything = PROJECT["optional-dependencies"]
    assert undeclared(outside_imports(ROOT / "tests"), *everything) == set()


def test_what_is_declared_for_the_program_is_imported_by_it() -> None:
    imports = [item for item in outside_imports(ROOT / "src") if not item.typing_only]
    assert declared(*PARTS) - names_of(imports) == set()


def test_what_is_declared_for_development_is_used_by_tests() -> None:
    unused = declared(DEV) - declared() - names_of(outside_imports(ROOT / "tests"))
    assert unused == set(NOT_IMPORTED)


def names_of(imports: Iterable[Import]) -> set[str]:
    return {name for item in imports for name in distributions(item.name)}


def test_every_extra_has_its_part() -> None:
    assert set(PROJECT["optional-dependencies"]) == {*PARTS, ALL, DEV, DOCS}
    [together] = map(Requirement, PROJECT["optional-dependencies"][ALL])
    assert together.extras == set(PARTS)
    assert [
        part for parts in PARTS.values() for part in parts if not (ROOT / "src" / part).exists()
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        *PYPROJECT["build-system"]["requires"],
        *PROJECT["dependencies"],
        *(text for texts in PROJECT["optional-dependencies"].values() for text in texts),
    ],
)
def test_every_range_has_a_lower_and_an_upper_bound(text: str) -> None:
    requirement = Requirement(text)
    if requirement.name == PROJECT["name"]:
        return
    operators = {spec.operator for spec in requirement.specifier}
    assert operators in ({">=", "<"}, {"=="})
