"""docs/messages.md has every error of the program."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "docs" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_that_of_the_code(writer: ModuleType) -> None:
    assert writer.PAGE.read_text(encoding="utf-8") == writer.page(), "run `python docs/messages.py`"


def test_a_pattern_has_dots_for_what_differs(writer: ModuleType) -> None:
    source = (
        "raise UsageError(f'no run {name!r} in {folder}{more}; give another')\n"
        "raise UsageError(f'{where}: {why}')\n"
        "raise UsageError(str(error))\n"
        "raise ValueError('this is no error of a user')\n"
    )
    assert list(writer.patterns(source)) == ["no run … in …; give another"]
