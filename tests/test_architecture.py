"""docs/architecture.md agrees with the code: its drawing, its folders, and every path it names."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
PACKAGE = ROOT / "src" / "loadtui"


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("architecture", ROOT / "docs" / "architecture.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_floors_and_folders_are_those_of_the_code(writer: ModuleType) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == writer.current(page), "run `python docs/architecture.py`"


def test_every_path_it_names_exists() -> None:
    page = PAGE.read_text(encoding="utf-8")
    paths = set(re.findall(r"`([a-z_0-9]+/[a-z_0-9/]*(?:\.py)?)`", page))
    assert len(paths) > 60
    missing = {path for path in paths if not any((at / path).exists() for at in (PACKAGE, ROOT))}
    assert missing == set()


def test_a_layer_is_drawn_with_all_its_rooms(writer: ModuleType) -> None:
    contract = {"layers": ["loadtui.cli", "loadtui.wire : loadtui.report", "loadtui.plan"]}
    drawing = writer.floors(contract)
    assert [line.strip("│ ") for line in drawing if line.startswith("│")] == [
        "cli", "wire   ·   report", "plan",
    ]  # fmt: skip
    assert len({len(line) for line in drawing}) == 1
