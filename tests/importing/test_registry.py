"""The formats that can be imported, told in three places from one list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loadtui.__main__ import run
from loadtui.errors import UsageError
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.registry import READERS, format_list
from loadtui.importing.run_sources import reader_of

NAMES = [reader.name for reader in READERS]
DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).resolve().parents[2]


def test_the_documentation_has_a_row_for_each_format() -> None:
    text = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    table = re.search(r"^\| format \| .*\n\|---.*\n((?:\|.*\n)+)", text, re.M)
    assert table is not None
    assert [row.split(" | ")[0].removeprefix("| ") for row in table[1].splitlines()] == NAMES


def test_the_help_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "--help"]) == 0
    listed = capsys.readouterr().out.partition("Formats:\n")[2].partition("\n\n")[0]
    assert [line.strip() for line in listed.splitlines()] == NAMES


def test_a_refusal_lists_them(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="is in no format that can be imported") as caught:
        reader_of(ResultFile(path))
    assert str(caught.value).endswith(f": {format_list()}")
    assert format_list() == ", ".join(NAMES)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.[!m]*")), ids=lambda path: path.name)
def test_a_file_is_claimed_by_one_reader_alone(path: Path) -> None:
    assert len([reader for reader in READERS if reader.claims(ResultFile(path))]) == 1
