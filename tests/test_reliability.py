"""docs/reliability.md promises nothing that no test does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROWS = [
    line.split(" | ")
    for line in (ROOT / "docs" / "reliability.md").read_text().splitlines()
    if line.startswith("| ") and "::" in line
]


def test_the_table_has_rows() -> None:
    assert len(ROWS) > 15
    assert {len(row) for row in ROWS} == {4}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip("| ")[:50])
def test_each_row_is_tested(row: list[str]) -> None:
    found = re.fullmatch(r"`(tests/[\w/]+\.py)::(?:(\w+)::)?(\w+)` \|", row[-1])
    assert found, row[-1]
    file, group, name = found.groups()
    text = (ROOT / file).read_text()
    if group:
        text = text.partition(f"\nclass {group}")[2].partition("\nclass ")[0]
    assert re.search(rf"^ *def {name}\(", text, re.MULTILINE), f"{file} has no {name}"
