"""Names and sizes: one noun has one meaning, and every module has its test."""

from __future__ import annotations

import ast
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

import pytest

from tests.support.source_tree import (
    PACKAGE,
    ROOT,
    TESTS,
    constants,
    definitions,
    functions,
    modules,
    parsed,
    reached,
)

SHARED_NAMES = {
    "command": "the click command of each module in cli/",
    "main": "what a process starts with",
}
SHARED_FILE_NAMES = {
    "__init__.py": "Python's name for a package",
    "__main__.py": "Python's name for what `python -m` runs",
    "baseline.py": "the command of that name, and the file it writes",
}
MAX_SHARED_FILE_NAMES = 0.05
"""Share of the modules, packages' own files left out."""
MAX_FUNCTION = 60
LONG_FUNCTIONS = {
    "cli/run.py:command": 63,  # the options of `loadtui run`, one line an option
}
"""Function -> lines.  They get shorter, never longer, and leave the list at `MAX_FUNCTION`."""
TESTED_ELSEWHERE = TESTS / "tested_elsewhere.toml"


def by_name(names_of: Callable[[str], Iterable[str]]) -> dict[str, list[str]]:
    """Name -> the modules that have it, of those that several have."""
    homes = defaultdict(list)
    for module in modules():
        for name in names_of(module):
            homes[name].append(module)
    return {name: where for name, where in homes.items() if len(where) > 1}


def test_a_public_name_is_defined_in_one_module() -> None:
    shared = by_name(lambda module: dict.fromkeys(definitions(module)))
    assert {n: where for n, where in shared.items() if n not in SHARED_NAMES} == {}
    assert SHARED_NAMES.keys() - shared.keys() == set(), "the list may shrink"
    assert len(SHARED_NAMES) < 10


def test_a_constant_that_others_import_is_defined_in_one_module() -> None:
    """Constants that only their own module reads may be called alike."""
    exported = defaultdict(set)
    for module in modules():
        for node in ast.walk(parsed(PACKAGE / module)):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                for alias in node.names:
                    exported[node.module].add(alias.name)

    def imported_constants(module: str) -> list[str]:
        dotted = "loadtui." + module.removesuffix(".py").replace("/", ".")
        return [name for name in dict.fromkeys(constants(module)) if name in exported[dotted]]

    assert by_name(imported_constants) == {}


def test_a_file_name_says_which_file_is_meant() -> None:
    shared = by_name(lambda module: [PurePosixPath(module).name])
    assert {n: where for n, where in shared.items() if n not in SHARED_FILE_NAMES} == {}
    for name, where in shared.items():
        if not name.startswith("__"):
            layers = [PurePosixPath(module).parts[0] for module in where]
            assert len(layers) == len(set(layers)), f"{name} twice in one layer: {where}"
    ordinary = [m for m in modules() if not PurePosixPath(m).name.startswith("__")]
    count = sum(len(where) for name, where in shared.items() if not name.startswith("__"))
    assert count <= MAX_SHARED_FILE_NAMES * len(ordinary)


def test_functions_are_short_and_the_long_ones_get_shorter() -> None:
    lengths = {
        f"{module}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for module in modules()
        for function in functions(module)
    }
    long = {name: lines for name, lines in lengths.items() if lines > MAX_FUNCTION}
    assert long == LONG_FUNCTIONS, "shorten the function, and its number in the list"


def test_every_package_says_what_it_is_for() -> None:
    packages = [m for m in modules() if PurePosixPath(m).name == "__init__.py"]
    assert [m for m in packages if not ast.get_docstring(parsed(PACKAGE / m))] == []
    folders = {PurePosixPath(m).parent for m in modules()}
    assert {f for f in folders if f / "__init__.py" not in map(PurePosixPath, packages)} == set()


def has_own_test(module: str) -> bool:
    """Whether a test file of the same layer has the module's name and gets to it, by an import or
    by starting the command that has it."""
    path = PurePosixPath(module)
    layer = TESTS.joinpath(*path.parts[:-1][:1])
    stem = path.stem.strip("_")
    names = [f"test_{stem}.py", f"check_{stem}.py"]
    if path.parts[0] == "cli":
        names.append(f"test_{stem}_command.py")
    found = [file for name in names for file in layer.rglob(name)]
    return any(PACKAGE / module in reached(file) for file in found)


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, str]:
    """Module -> the test file that tests it under another name."""
    document = tomllib.loads(TESTED_ELSEWHERE.read_text(encoding="utf-8"))
    return {module: test for test, listed in document.items() for module in listed}


def test_every_module_has_a_test_of_its_name_or_a_named_one(elsewhere: dict[str, str]) -> None:
    wanted = {m for m in modules() if PurePosixPath(m).name not in ("__init__.py", "_version.py")}
    own = {module for module in wanted if has_own_test(module)}
    assert sorted(wanted - own - elsewhere.keys()) == [], (
        "write tests/FOLDER/test_NAME.py, or name its test in tests/tested_elsewhere.toml"
    )
    assert sorted(elsewhere.keys() & own) == [], "have a test of their own: take them off the list"
    assert sorted(elsewhere.keys() - wanted) == [], "are no modules"


def test_a_test_named_for_a_module_gets_to_it(elsewhere: dict[str, str]) -> None:
    for module, test in elsewhere.items():
        assert (ROOT / test).is_file(), f"{test}, named for {module}"
        assert PACKAGE / module in reached(ROOT / test), f"{test} does not import {module}"
