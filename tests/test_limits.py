"""docs/limits.md gives the numbers that the code has."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

TEXT = (Path(__file__).parents[1] / "docs" / "limits.md").read_text()
ROWS = re.findall(r"^\| .+ \| (\d+) \w+ \| `(\w+)` of `([\w.]+)` \|", TEXT, re.MULTILINE)


def test_numbers() -> None:
    assert len(ROWS) == TEXT.count("\n| ") - 1
    for number, name, module in ROWS:
        assert getattr(importlib.import_module(module), name) == int(number), name
