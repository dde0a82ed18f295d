"""docs/limits.md gives the numbers that the code has."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

TEXT = (Path(__file__).parents[1] / "docs" / "limits.md").read_text()
ROWS = re.findall(r"^\| .+ \| (\d+) \w+ \| `(\w+)` of `([\w.]+)` \|", TEXT, re.MULTILINE)
LOOK = """
import importlib, sys
for line in sys.stdin:
    name, module = line.split()
    print(name, getattr(importlib.import_module(module), name))
"""
"""In a process of its own: some of these modules import Locust, which patches the library."""


def test_numbers() -> None:
    assert len(ROWS) == TEXT.count("\n| ") - 1
    asked = "".join(f"{name} {module}\n" for _, name, module in ROWS)
    looked = subprocess.run(
        [sys.executable, "-c", LOOK], input=asked, capture_output=True, text=True, check=True
    )
    assert looked.stdout.splitlines() == [f"{name} {number}" for number, name, _ in ROWS]
