"""Every snapshot of a screen belongs to a test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.tui.workbench.test_look import LOOKS, SIZES

TESTS = Path(__file__).parent
FILES = sorted(TESTS.rglob("*.ambr"))


def names(file: Path) -> list[str]:
    return re.findall(r"^# name: (.+)$", file.read_text(), re.MULTILINE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_its_test_is_there(file: Path) -> None:
    module = file.parents[1] / f"{file.stem}.py"
    tests = {
        node.name
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    assert {re.split(r"[\[.]", name)[0] for name in names(file)} <= tests


def test_looks_are_those_that_are_looked_at() -> None:
    [file] = [file for file in FILES if file.stem == "test_look"]
    looks = {
        f"test_looks[{width}x{height}-{screen}][{look}]"
        for width, height in SIZES
        for screen, by_name in LOOKS.items()
        for look in by_name
    }
    assert {name for name in names(file) if name.startswith("test_looks[")} == looks
