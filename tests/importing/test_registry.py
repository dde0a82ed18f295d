"""The formats that can be imported, told in three places from one list."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from loadtui.__main__ import run
from loadtui.errors import UsageError
from loadtui.importing.files.result_file import ResultFile
from loadtui.importing.reader import Reader
from loadtui.importing.registry import READERS, format_list
from loadtui.importing.run_sources import reader_of
from tests.importing import test_ghz_json as ghz
from tests.importing import test_oha_json as oha
from tests.importing.jmeter import test_aggregate_csv as aggregate
from tests.importing.jmeter import test_statistics_json as statistics

NAMES = [reader.name for reader in READERS]
DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).resolve().parents[2]
GENERATED = {
    "ghz": json.dumps(ghz.document(ghz.CALLS)),
    "ghz without calls": json.dumps(ghz.document(ghz.CALLS, details=False)),
    "JMeter aggregate report": aggregate.table([("home", *aggregate.ROW)]),
    "JMeter dashboard": json.dumps(statistics.changed()),
    "oha": json.dumps(oha.document(*oha.made(1))),
}


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


def claims(reader: Reader, path: Path) -> bool:
    """Readers of JSON look for one document, and refuse what holds several lines of it."""
    try:
        return reader.claims(ResultFile(path))
    except UsageError:
        return False


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("vegeta/*[!t].json", "vegeta results (JSON lines)"),
        ("vegeta/*.csv", "vegeta results (CSV)"),
        ("vegeta/*.report.json", "vegeta report (JSON)"),
        ("hey/*.csv", "hey (CSV)"),
        ("wrk/*.txt", "wrk or wrk2 (text)"),
        ("hdrhistogram/*", "HdrHistogram percentiles (.hgrm)"),
    ],
)
def test_files_of_a_program_are_claimed_by_its_reader(pattern: str, name: str) -> None:
    paths = sorted(DATA.glob(pattern))
    assert len(paths) >= 5
    for path in paths:
        claiming = [reader.name for reader in READERS if claims(reader, path)]
        # What wrk2 prints has a distribution in it.
        assert claiming[0] == name == reader_of(ResultFile(path)).name
        assert claiming[1:] == [] or path.name.startswith("wrk2_")


@pytest.mark.parametrize("path", sorted(DATA.glob("*.[!m]*")), ids=lambda path: path.name)
def test_a_file_is_claimed_by_one_reader_alone(path: Path) -> None:
    assert len([reader for reader in READERS if reader.claims(ResultFile(path))]) == 1


@pytest.mark.parametrize("name", GENERATED)
def test_so_is_one_of_a_program_that_is_not_at_hand(tmp_path: Path, name: str) -> None:
    path = tmp_path / "some.file"
    path.write_text(GENERATED[name], encoding="utf-8")
    (claiming,) = [reader for reader in READERS if reader.claims(ResultFile(path))]
    assert claiming.name.startswith(name.partition(" without")[0])
